"""Logs without what belongs to people: no e-mail, token, cookie or query string, whoever writes the line.

The framework logs what clients send: event data, headers, the tokens that name windows. So lines are cleaned
where they are made, before any handler sees them.
"""

import logging
import re
import traceback
from typing import Any

LONGEST = 8000
_FRAMEWORK = ("reflex", "socketio", "engineio", "granian")
# Every repetition has a bound: a long line, which a client may have written, must not keep a worker busy.
_CLEANED = (
    # What a client sent, up to the end of the line.
    (re.compile(r"(?i)(event data:|but received|payload=|with value|argument '[^']{0,80}' with).*"), r"\1 …"),
    (re.compile(r"(?i)('?(?:set-)?cookie'?\s{0,3}[:=]\s{0,3}).*"), r"\1…"),
)
_ANYWHERE = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"), "<e-mail>"),
    (re.compile(r"(?i)(portal_\w{1,40}|token|code|secret|password|key)=[^\s&;'\"]{1,4000}"), r"\1=…"),
    (re.compile(r"(/[^\s?'\"/]{0,200})\?[^\s'\"]{1,4000}"), r"\1?…"),
    # No \b: the framework's names of what a window shows go on with "_".
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])"), "<window>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), "<hash>"),
    (re.compile(r"(/auth/link/|/messages/off/|/calendar/)[\w.-]{1,200}"), r"\1…"),
)
_make = logging.getLogRecordFactory()


def install() -> None:
    """Clean every line that this process logs from now on. Safe to repeat."""
    logging.setLogRecordFactory(_clean_record)


def clean(text: str, *, of_framework: bool = False) -> str:
    """The text without what belongs to people; at most 8,000 characters."""
    if len(text) > LONGEST:
        # Of a traceback the end says most. Cut between words, so that nothing is left of half an address.
        text = f"{text[: LONGEST // 4].rpartition(' ')[0]} … {text[-LONGEST // 2 :].partition(' ')[2]}"
    for pattern, instead in (*(_CLEANED if of_framework else ()), *_ANYWHERE):
        text = pattern.sub(instead, text)
    return text


def _clean_record(*arguments: Any, **named: Any) -> logging.LogRecord:
    record = _make(*arguments, **named)
    record.msg, record.args = clean(_whole(record), of_framework=record.name.startswith(_FRAMEWORK)), ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def _whole(record: logging.LogRecord) -> str:
    """The message with its traceback: what is formatted later could not be cleaned any more."""
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):
        said = str(record.msg)
    if not record.exc_info or record.exc_info[1] is None:
        return said
    return f"{said}\n{''.join(traceback.format_exception(record.exc_info[1])).rstrip()}"
