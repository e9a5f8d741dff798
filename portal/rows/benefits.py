"""The benefits page: what is left, and where each one went."""

from dataclasses import dataclass

from portal.rows.cards import Nudge, PassCard
from portal.rows.common import Chip, Day, Face, LineItem, Link, Segment, Shown


@dataclass(frozen=True)
class JumpBar:
    """The jump links for one choice of the member switcher."""

    whose: str = "all"
    links: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One line of a history, leading to the session or order that caused it; faces or an icon in front."""

    faces: tuple[Face, ...] = ()
    icon: str = ""
    tone: str = "plain"
    title: str = ""
    words: str = ""
    amount: str = ""
    href: str = ""


@dataclass(frozen=True)
class WaitingMakeUp:
    """A make-up that can be booked, and how it came about."""

    member: str = ""
    nudge: Nudge = Nudge()
    history: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class MakeUpRow:
    """A make-up that is booked, used or gone: the date inside the member's shape, and what happened."""

    member: str = ""
    day: Day = Day()
    title: str = ""
    words: str = ""
    chips: tuple[Chip, ...] = ()
    history: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class OpenPass:
    """A pass with entries left; `count` is "4 of 10"."""

    member: str = ""
    card: PassCard = PassCard()
    count: str = ""
    history: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class BenefitRow:
    """A pass or a discount in one row; it unfolds when there is a history, or leads to its order."""

    member: str = ""
    icon: str = ""
    tone: str = "plain"
    title: str = ""
    words: str = ""
    chips: tuple[Chip, ...] = ()
    href: str = ""
    history: tuple[Trace, ...] = ()
    pass_id: str = ""
    """A pass that can be used now; empty for any other."""


@dataclass(frozen=True)
class Nothing:
    """What is said where one choice of the switcher has nothing."""

    whose: str = "all"
    title: str = ""
    words: str = ""


@dataclass(frozen=True)
class MakeUps:
    """What can be booked, then what became of the others; `more` shows a list that was cut short."""

    waiting: tuple[WaitingMakeUp, ...] = ()
    rows: tuple[MakeUpRow, ...] = ()
    nothing: tuple[Nothing, ...] = ()
    more: Link = Link()


@dataclass(frozen=True)
class Passes:
    """Counted passes that can be used, then all others."""

    open: tuple[OpenPass, ...] = ()
    rows: tuple[BenefitRow, ...] = ()
    nothing: tuple[Nothing, ...] = ()
    more: Link = Link()


@dataclass(frozen=True)
class Credit:
    """The family's prepaid money and its ledger, the newest line first."""

    balance: str = ""
    words: str = ""
    lines: tuple[LineItem, ...] = ()
    more: Link = Link()


@dataclass(frozen=True)
class Discounts:
    """Available, used and expired ones."""

    rows: tuple[BenefitRow, ...] = ()
    nothing: tuple[Nothing, ...] = ()
    more: Link = Link()


@dataclass(frozen=True)
class BenefitsView(Shown):
    """All four kinds, for every choice of the member switcher at once."""

    jumps: tuple[JumpBar, ...] = ()
    make_ups: MakeUps = MakeUps()
    passes: Passes = Passes()
    credit: Credit = Credit()
    discounts: Discounts = Discounts()
    note: str = ""
    shares_only: bool = False
