"""The home page: what is due, what is next, and the rest in short."""

from dataclasses import dataclass
from datetime import datetime

from portal.rows.calendar import BookingRow, SessionRow
from portal.rows.cards import Due, Nudge, PassCard, Ticket, Tile
from portal.rows.common import LineItem, Link, Shown


@dataclass(frozen=True)
class Heading:
    """The page's title and sentence for one choice of the member switcher."""

    whose: str = "all"
    title: str = ""
    lead: str = ""


@dataclass(frozen=True)
class ComingUp:
    """The next sessions for one choice, after the one on the ticket."""

    whose: str = "all"
    rows: tuple[SessionRow, ...] = ()
    nothing: str = ""
    """What is said where there are none."""


@dataclass(frozen=True)
class NothingNext:
    """Who has no session coming, in words: there is no ticket to show for this choice."""

    whose: str = "all"
    words: str = ""


@dataclass(frozen=True)
class OrdersSummary:
    """ "2 to pay, 3 paid" and what is on its way."""

    title: str = ""
    words: str = ""


@dataclass(frozen=True)
class SharedNote:
    """What does not follow the member switcher, told for one choice."""

    whose: str = "all"
    strong: str = ""
    words: str = ""


@dataclass(frozen=True)
class HomeView(Shown):
    """Everything home shows, for every choice of the member switcher at once."""

    headings: tuple[Heading, ...] = ()
    empty: bool = False
    timetable: Link = Link()
    due: Due = Due()
    tickets: tuple[Ticket, ...] = ()
    without_next: tuple[NothingNext, ...] = ()
    coming_up: tuple[ComingUp, ...] = ()
    bookings: tuple[BookingRow, ...] = ()
    enquiries: tuple[LineItem, ...] = ()
    passes: tuple[PassCard, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    tiles: tuple[Tile, ...] = ()
    orders: OrdersSummary = OrdersSummary()
    shares_only: bool = False
    notes: tuple[SharedNote, ...] = ()
    changes_at: datetime | None = None
    """When it reads differently by the clock alone; None at the end of the day."""
