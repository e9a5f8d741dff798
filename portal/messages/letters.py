"""A letter from notes: one thing to tell is a letter, several are one letter with several parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal import routes
from portal.messages import Sender, Written, templates
from portal.messages.frame import Part, framed
from portal.messages.kinds import MANNERS, Kind
from portal.messages.notes import Note
from portal.messages.texts import Words, around, language, words

OwnWords = Callable[[Kind, str], Words | None]
"""The provider's own words of a kind in a language, if there are any."""


@dataclass(frozen=True)
class Reader:
    """Whom a letter is for, and the address of the portal they know; `off_url` leads out of what is not essential."""

    first_name: str
    locale: str
    portal_url: str
    off_url: str = ""


def letter(
    sender: Sender, reader: Reader, notes: Sequence[Note], own: OwnWords, calendar: str = ""
) -> Written:
    """The notes in the reader's language. The provider's words win; where they are broken, the house's stand in."""
    spoken = language(reader.locale)
    parts = [_part(sender, reader, note, own(note.kind, spoken)) for note in notes]
    said = around(spoken)
    common = {"name": reader.first_name, "provider": sender.name}
    essential = all(MANNERS[note.kind].essential for note in notes)
    subject = (
        parts[0].title
        if len(parts) == 1
        else templates.fill(said.digest, {**common, "count": str(len(parts))})
    )
    return framed(
        sender,
        subject,
        parts,
        language=spoken,
        hello=templates.fill(said.hello, common),
        why=templates.fill(said.why, common),
        off=said.off,
        preferences_url=f"{reader.portal_url}{routes.ACCOUNT}#messages",
        off_url="" if essential else reader.off_url,
        calendar=calendar,
    )


def short(sender: Sender, reader: Reader, notes: Sequence[Note]) -> Written:
    """The same in one line a note, for channels that show a text and nothing else: the house's words, and the way."""
    parts = [filled(sender, reader, note, words(note.kind, reader.locale)) for note in notes]
    text = " ".join(f"{part.title} {part.link}" for part in parts)
    return Written(parts[0].title, text, "", language=language(reader.locale))


def filled(sender: Sender, reader: Reader, note: Note, said: Words) -> Part:
    """One part: BrokenTemplate when these words cannot be filled for this note."""
    link = f"{reader.portal_url}{note.path}"
    values = {
        **dict.fromkeys(MANNERS[note.kind].tags, ""),
        **note.values,
        "provider": sender.name,
        "name": reader.first_name,
        "portal_url": reader.portal_url,
        "WIDGET_PROFILE_URL": reader.portal_url,
        "link": link,
    }
    text = templates.fill(said.text, values)
    paragraphs = tuple(" ".join(one.split()) for one in text.split("\n\n") if one.strip())
    subject = " ".join(templates.fill(said.subject, values).split())
    return Part(subject, paragraphs, " ".join(templates.fill(said.button, values).split()), link)


def _part(sender: Sender, reader: Reader, note: Note, own: Words | None) -> Part:
    house = words(note.kind, reader.locale)
    if own is None:
        return filled(sender, reader, note, house)
    try:
        return filled(sender, reader, note, own)
    except templates.BrokenTemplate:
        return filled(sender, reader, note, house)
