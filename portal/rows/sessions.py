"""The sessions page: what is coming by day, and what became of what was."""

from dataclasses import dataclass
from datetime import datetime

from portal.rows.calendar import AgendaDay, Month, SessionRow, Week
from portal.rows.calendar_feeds import CalendarCard
from portal.rows.common import Link, Segment, Shown


@dataclass(frozen=True)
class Nothing:
    """What is told to a choice of the member switcher that has no rows."""

    whose: str = "all"
    title: str = ""
    words: str = ""


@dataclass(frozen=True)
class PastFilters:
    """ "All", "Attended 24", "Cancelled 4": one set for each choice, because the numbers are theirs."""

    whose: str = "all"
    kinds: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class PastMonth:
    """ "March", "December 2025". `member` names everybody who had a session in it."""

    member: str = ""
    name: str = ""
    rows: tuple[SessionRow, ...] = ()


@dataclass(frozen=True)
class SessionsView(Shown):
    """One of the two tabs, for every choice of the member switcher at once."""

    tabs: tuple[Segment, ...] = ()
    past: bool = False
    days: tuple[AgendaDay, ...] = ()
    week: Week = Week()
    month: Month = Month()
    earlier: Link = Link()
    later: Link = Link()
    filters: tuple[PastFilters, ...] = ()
    months: tuple[PastMonth, ...] = ()
    nothing: tuple[Nothing, ...] = ()
    more: Link = Link()
    """Empty when everything is shown."""
    policy: str = ""
    calendars: tuple[CalendarCard, ...] = ()
    """One for each choice of the member switcher."""
    changes_at: datetime | None = None
    """When it reads differently by the clock alone; None at the end of the day."""
