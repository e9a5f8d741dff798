"""The cards of the home page: what is due, the next session, passes, figures and nudges."""

from dataclasses import dataclass

from portal.rows.cancelling import Going
from portal.rows.common import Chip, Day, Face, Link


@dataclass(frozen=True)
class Ticket:
    """The next session. `whose` is "all" or a member's id; `join` is a livestream, `directions` a map."""

    whose: str = "all"
    eyebrow: str = ""
    starts: str = ""
    until: str = ""
    title: str = ""
    place: str = ""
    online: bool = False
    countdown: str = ""
    stamp: Day = Day()
    join: Link = Link()
    directions: Link = Link()
    going: Going = Going()


@dataclass(frozen=True)
class DueLine:
    """One item to pay: "Ballet,", "was due 6 March", "€62.00"."""

    face: Face = Face()
    words: str = ""
    when: str = ""
    amount: str = ""


@dataclass(frozen=True)
class Due:
    """What is to pay now; `pay` leads to paying it, `see` to the list of several.

    At `count` 0 nothing is due and `later` says what is next.
    """

    count: int = 0
    total: str = ""
    chip: Chip = Chip()
    lines: tuple[DueLine, ...] = ()
    pay: Link = Link()
    see: Link = Link()
    later: str = ""


@dataclass(frozen=True)
class Punch:
    """One hole of a pass: used (empty), or still holding the programme's icon."""

    used: bool = False
    icon: str = ""


@dataclass(frozen=True)
class PassCard:
    """A pass. `holes` is empty when the pass is unlimited; `spent` when it is used up or over."""

    member: str = ""
    name: str = ""
    about: str = ""
    chip: Chip = Chip()
    left: str = ""
    words: str = ""
    holes: tuple[Punch, ...] = ()
    label: str = ""
    spent: bool = False
    id: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure that is also a way in: "Make-ups", "1", "For Mila, by 30 April"."""

    whose: str = ""
    name: str = ""
    icon: str = ""
    figure: str = ""
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Nudge:
    """Something worth doing soon; `action` is left out while its label is empty.

    A `make_up` that can be acted on has a button `press` that `asks` to choose, wait for or take a session.
    """

    member: str = ""
    icon: str = ""
    title: str = ""
    words: str = ""
    action: Link = Link()
    make_up: str = ""
    asks: str = ""
    press: str = ""
    decline: str = ""
