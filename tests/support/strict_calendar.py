"""Reads calendars as strictly as RFC 5545 is written, with another library than the one that writes them."""

import re
from typing import Any

import vobject

LONGEST_LINE = 75
_LINE = re.compile(
    r"[A-Za-z0-9-]+(;[A-Za-z0-9-]+=(\"[^\"]*\"|[^\";:,]*)(,(\"[^\"]*\"|[^\";:,]*))*)*:.*", re.DOTALL
)


def read(body: bytes) -> Any:
    """The one calendar of the file; fails for anything that a strict reader would not take."""
    text = body.decode("utf-8")
    assert text.endswith("\r\n"), "a content line ends with CRLF"
    lines = text.removesuffix("\r\n").split("\r\n")
    assert not [line for line in lines if "\n" in line or "\r" in line], "a line break that is none"
    assert not [line for line in lines if len(line.encode()) > LONGEST_LINE], "a line that is not folded"
    unfolded = "\r\n".join(lines).replace("\r\n ", "").split("\r\n")
    assert not [line for line in unfolded if not _LINE.fullmatch(line)], "a line that is no property"
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), "a control character"
    found = vobject.readComponents(text, validate=True)
    (calendar,) = found
    assert calendar.validate(raiseException=True)
    assert len(list(calendar.components())) > 0, "a calendar holds at least one component"
    for event in events(calendar):
        assert not [name for name in ("uid", "dtstamp", "dtstart") if not hasattr(event, name)]
        assert event.dtstart.value < event.dtend.value
    return calendar


def events(calendar: Any) -> list[Any]:
    """Its events; there may be none."""
    return list(calendar.contents.get("vevent", []))
