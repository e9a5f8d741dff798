"""The frame of every letter: the provider's name and colour around one or several parts, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.messages import Sender, Written, rendered


@dataclass(frozen=True)
class Part:
    """One thing told: its title, its paragraphs, and the button that leads to it."""

    title: str
    paragraphs: tuple[str, ...]
    button: str
    link: str


def framed(
    sender: Sender,
    subject: str,
    parts: Sequence[Part],
    *,
    language: str,
    hello: str,
    why: str,
    off: str,
    preferences_url: str,
    off_url: str,
    calendar: str,
) -> Written:
    """The letter, ready to be sent."""
    values = {
        "parts": parts,
        "hello": hello,
        "why": why,
        "off": off,
        "preferences_url": preferences_url,
    }
    written = rendered(subject, "letter", sender, language, **values)
    return Written(written.subject, written.text, written.html, off_url, calendar, language)
