"""Sessions and bookings as rows of lists, the agenda, the week strip and the month grid."""

from dataclasses import dataclass

from portal.rows.cancelling import Going
from portal.rows.common import Chip, Day, Face, Link, TermStrip


@dataclass(frozen=True)
class SessionRow:
    """A session in a list: `meta` is joined with dots ("17:00", "Theo"); `note` follows the chips."""

    member: str = ""
    day: Day = Day()
    title: str = ""
    meta: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    note: str = ""
    going: Going = Going()
    make_up: str = ""
    """One that the session gave and that can be used."""
    calendar: Link = Link()
    """A file for the family's own calendar, for what is to come."""


@dataclass(frozen=True)
class BookingRow:
    """A booking in a list: an active one with its term strip, any other with chips."""

    member: str = ""
    face: Face = Face()
    title: str = ""
    meta: tuple[str, ...] = ()
    href: str = ""
    term: TermStrip = TermStrip()
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A session in the agenda: times at the left, who at the right, its state below.

    `join` leads to the livestream: a plain link before it opens, a button once it can be joined (`join_now`).
    """

    member: str = ""
    starts: str = ""
    until: str = ""
    title: str = ""
    meta: tuple[str, ...] = ()
    second: str = ""
    face: Face = Face()
    chips: tuple[Chip, ...] = ()
    note: str = ""
    struck: bool = False
    join: Link = Link()
    join_now: bool = False
    going: Going = Going()


@dataclass(frozen=True)
class AgendaDay:
    """One day of the agenda: "Today", "Thu 12 March". `member` names everybody who has a session on it."""

    member: str = ""
    id: str = ""
    name: str = ""
    date: str = ""
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Pip:
    """One session of a member on a day of the calendar; readers hear the `name`."""

    member: str = ""
    tone: str = ""
    name: str = ""


@dataclass(frozen=True)
class CalendarDay:
    """A day of the week strip or month grid; an empty `number` is a gap before the 1st or after the last."""

    weekday: str = ""
    number: str = ""
    href: str = ""
    today: bool = False
    pips: tuple[Pip, ...] = ()


@dataclass(frozen=True)
class Week:
    """Seven days."""

    days: tuple[CalendarDay, ...] = ()


@dataclass(frozen=True)
class Month:
    """ "March 2026", the weekday names in the order of the locale, and the weeks."""

    name: str = ""
    weekdays: tuple[str, ...] = ()
    weeks: tuple[Week, ...] = ()
