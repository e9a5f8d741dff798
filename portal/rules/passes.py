"""Visits to a drop-in session: whether one is open, and which pass pays for it.

What a family reads and what the click checks are these lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.rules.ages import Ages
from portal.rules.benefits import Standing, pass_standing
from portal.rules.conditions import Condition, first_unmet


@dataclass(frozen=True)
class PassTerms:
    """A pass: without a member it is the family's, without a programme it opens all, without a count it never ends."""

    id: str
    member_id: int | None
    programme_id: int | None
    valid_from: date
    valid_until: date | None
    entries_left: int | None
    paid: bool
    used_by: int | None = None
    """Who used it first."""


@dataclass(frozen=True)
class Visit:
    """Who comes to which programme, on which day of the provider's calendar."""

    member_id: int
    programme_id: int
    day: date


@dataclass(frozen=True)
class OpenSession:
    """A session somebody may come to without a course."""

    drop_in: bool
    scheduled: bool
    starts_at: datetime
    free_places: int
    day: date
    ages: Ages = Ages()


@dataclass(frozen=True)
class Visitor:
    """Who would come; `going` where they have a place in the session already."""

    name: str
    birth_date: date | None
    going: bool


def opens(terms: PassTerms, visit: Visit, *, shared: bool) -> list[Condition]:
    """What must hold for this pass to pay for the visit; `shared` where the provider lets a family share its passes."""
    stands = pass_standing(terms.valid_from, terms.valid_until, terms.entries_left, terms.paid, visit.day)
    theirs = shared or terms.used_by in (None, visit.member_id)
    return [
        Condition("passes.other_member", terms.member_id in (None, visit.member_id)),
        Condition("passes.not_shared", terms.member_id is not None or theirs),
        Condition("passes.other_programme", terms.programme_id in (None, visit.programme_id)),
        Condition("passes.used_up", stands is not Standing.USED_UP),
        Condition("passes.expired", stands is not Standing.EXPIRED),
        Condition("passes.unpaid", stands is not Standing.UNPAID),
        Condition("passes.not_yet", stands is not Standing.NOT_YET),
    ]


def can_visit(session: OpenSession, visitor: Visitor, now: datetime) -> list[Condition]:
    """What must hold for a visit, however it is paid."""
    old_enough = session.ages.old_enough(visitor.birth_date, session.day)
    young_enough = session.ages.young_enough(visitor.birth_date, session.day)
    return [
        Condition("drop_ins.not_a_drop_in", session.drop_in),
        Condition("drop_ins.called_off", session.scheduled),
        Condition("drop_ins.started", now < session.starts_at),
        Condition("drop_ins.too_young", old_enough, values={"name": visitor.name}),
        Condition("drop_ins.too_old", young_enough, values={"name": visitor.name}),
        Condition("drop_ins.already_going", not visitor.going),
        Condition("drop_ins.full", session.free_places > 0),
    ]


def can_be_billed(unit_price_minor: int | None, *, billed: bool) -> list[Condition]:
    """What must hold for a visit without a pass: the programme says so, and has a price."""
    return [Condition("drop_ins.pass_required", billed and unit_price_minor is not None)]


def pass_for(passes: Sequence[PassTerms], visit: Visit, *, shared: bool) -> PassTerms | None:
    """The pass that pays: one without a count, else the one that ends first, else the one that began first."""
    open_ones = [one for one in passes if first_unmet(opens(one, visit, shared=shared)) is None]
    return min(open_ones, key=_first_to_use, default=None)


def why_no_pass(passes: Sequence[PassTerms], visit: Visit, *, shared: bool) -> Condition | None:
    """Of the passes that are theirs, why the one that comes nearest pays for nothing; None when they have none."""
    broken = [_nearest(opens(one, visit, shared=shared)) for one in passes]
    return min(broken, key=lambda pair: pair[0])[1] if broken else None


def _first_to_use(terms: PassTerms) -> tuple[bool, date, date]:
    return terms.entries_left is not None, terms.valid_until or date.max, terms.valid_from


def _nearest(conditions: list[Condition]) -> tuple[int, Condition]:
    """How far from the end of the list the first broken condition stands: the further down, the nearer."""
    at = next(at for at, condition in enumerate(conditions) if not condition.held)
    return len(conditions) - at, conditions[at]
