"""The sheet in which a family chooses a visit, and the one a pass is shown in at the desk."""

from dataclasses import dataclass

from portal.rows.choosing import ChoiceDay
from portal.rows.common import Chip, Face, Shown


@dataclass(frozen=True)
class VisitMember:
    """Who may come."""

    id: str = ""
    name: str = ""
    face: Face = Face()
    chosen: bool = False


@dataclass(frozen=True)
class VisitSheet(Shown):
    """What is asked, for the member and the session chosen so far; `about` is what it was opened from.

    `notice` says why nothing can be chosen. `by` is the pass that pays, or "billed"; it and `button` are empty
    until a session is chosen.
    """

    about: str = ""
    title: str = ""
    why: str = ""
    members: tuple[VisitMember, ...] = ()
    days: tuple[ChoiceDay, ...] = ()
    notice: str = ""
    member: str = ""
    session: str = ""
    by: str = ""
    price_minor: int = 0
    """What is to pay as it stands here: the most that is charged. Nothing where a pass pays."""
    terms: str = ""
    button: str = ""


@dataclass(frozen=True)
class CheckIn(Shown):
    """A pass to be shown at the desk: `picture` is its QR code as SVG."""

    title: str = ""
    why: str = ""
    picture: str = ""
    label: str = ""
    standing: Chip = Chip()
    left: str = ""
