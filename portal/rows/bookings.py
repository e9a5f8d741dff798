"""The bookings page, and one booking's own dashboard."""

from dataclasses import dataclass
from datetime import datetime

from portal.rows.calendar import BookingRow, SessionRow
from portal.rows.cards import Nudge
from portal.rows.common import Chip, Face, LineItem, Link, Shown, TermKey, TermStrip
from portal.rows.sessions import Nothing


@dataclass(frozen=True)
class Count:
    """How many rows of a group one choice of the member switcher has."""

    whose: str = "all"
    number: str = ""


@dataclass(frozen=True)
class BookingGroup:
    """ "Active", "Open", "Past". `member` names everybody who has a booking in it."""

    name: str = ""
    member: str = ""
    counts: tuple[Count, ...] = ()
    rows: tuple[BookingRow, ...] = ()


@dataclass(frozen=True)
class DropIn:
    """A programme that is come to visit by visit: "Open Swim", "With a pass"."""

    id: str = ""
    name: str = ""
    icon: str = ""
    words: str = ""


@dataclass(frozen=True)
class BookingsView(Shown):
    """Every booking, for every choice of the member switcher at once. Enquiries are not bookings."""

    groups: tuple[BookingGroup, ...] = ()
    enquiries: tuple[LineItem, ...] = ()
    drop_ins: tuple[DropIn, ...] = ()
    nothing: tuple[Nothing, ...] = ()
    more: Link = Link()
    timetable: Link = Link()
    book: str = ""
    """What the way to the timetable is for."""
    waiting: str = ""
    """Everybody who has an open booking: what that means is told to them alone."""


@dataclass(frozen=True)
class Detail:
    """One fact about the booking: words, links behind them, or both; `quiet` for a whole sentence."""

    label: str = ""
    words: str = ""
    links: tuple[Link, ...] = ()
    quiet: bool = False


@dataclass(frozen=True)
class Viewer:
    """Somebody who can see the booking, and what else they can do: "You, account holder"."""

    face: Face = Face()
    name: str = ""
    can: str = ""
    share: str = ""
    """The share that can be changed or ended, for the family; empty for a guardian."""


@dataclass(frozen=True)
class SessionGroup:
    """ "Scheduled", "Attended", "Cancelled", "Missed", with how many there are."""

    name: str = ""
    count: str = ""
    rows: tuple[SessionRow, ...] = ()


@dataclass(frozen=True)
class BookingView(Shown):
    """A booking's dashboard; on its sessions tab (`groups`) only the head and the progress are filled."""

    id: str = ""
    back: Link = Link()
    face: Face = Face()
    title: str = ""
    lead: tuple[str, ...] = ()
    shared: str = ""
    """Who shared it and what that allows; empty for the family itself."""
    progress: str = ""
    chip: Chip = Chip()
    explained: str = ""
    """What an open or ended booking waits for or was."""
    term: TermStrip = TermStrip()
    key: tuple[TermKey, ...] = ()
    quick: bool = False
    """There are both sessions and payments to go to."""
    offer: tuple[Nudge, ...] = ()
    take: str = ""
    """What the button of an offer says."""
    can_visit: bool = False
    """Another visit can be chosen from here."""
    can_leave: bool = False
    """It waits in a line that can be left."""
    coming: tuple[SessionRow, ...] = ()
    all_sessions: Link = Link()
    make_ups: tuple[Nudge, ...] = ()
    used: tuple[LineItem, ...] = ()
    """Make-ups and passes used for it."""
    payments: tuple[LineItem, ...] = ()
    details: tuple[Detail, ...] = ()
    viewers: tuple[Viewer, ...] = ()
    can_share: bool = False
    groups: tuple[SessionGroup, ...] = ()
    on_sessions_tab: bool = False
    changes_at: datetime | None = None
    """When it reads differently by the clock alone; None at the end of the day."""
