"""Private calendar links: the card on the sessions page, and the sheet in which they are made and ended."""

from dataclasses import dataclass

from portal.rows.common import Face, Shown


@dataclass(frozen=True)
class CalendarCard:
    """For one choice of the member switcher; an empty `feed` means there is no link yet."""

    whose: str = "all"
    feed: str = ""
    subscribe: str = ""
    """Leads into the calendar program."""
    address: str = ""
    """Where the browser fetches the link to copy."""


@dataclass(frozen=True)
class Reminder:
    """One choice of when a calendar reminds; 0 minutes for never."""

    minutes: int = 0
    label: str = ""
    current: bool = False


@dataclass(frozen=True)
class FeedRow:
    """One choice in the sheet: whose sessions, and the link if there is one."""

    card: CalendarCard = CalendarCard()
    name: str = ""
    face: Face = Face()
    told: str = ""
    """ "Made 12 March, reminds you 2 hours before", or that there is none yet."""
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True)
class FeedsSheet(Shown):
    """Everyone's, then each member's."""

    rows: tuple[FeedRow, ...] = ()
