"""The sessions a make-up can be booked for, and what is wanting where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import Booking
from portal.rules.conditions import Condition, first_unmet
from portal.rules.make_ups import Right, can_attend, can_use
from portal.services import provider
from portal.services.facts.make_up_targets import TargetFact, targets
from portal.services.visibility import bookings_in_reach, may_act_on


@dataclass(frozen=True)
class Judged:
    """A session with every condition of the rule."""

    fact: TargetFact
    conditions: Sequence[Condition]

    @property
    def refused(self) -> Condition | None:
        """Why it cannot be booked; None when it can."""
        return first_unmet(self.conditions)


@dataclass(frozen=True)
class Openings:
    """What there is to choose from just now; without any, `refused` are the reasons of the sessions that come."""

    sessions: int = 0
    places: int = 0
    refused: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A make-up that somebody may see, with the conditions of the make-up itself."""

    make_up: MakeUp
    conditions: Sequence[Condition]


def asked_for(db: Session, actor: Actor, make_up: str, now: datetime, *, locked: bool = False) -> Asked:
    """The make-up of this public id; NotFound for whoever may not see its booking."""
    query = (
        select(MakeUp, may_act_on(actor, now).label("may_act"))
        .join(Booking, col(Booking.id) == col(MakeUp.booking_id))
        .where(col(MakeUp.public_id) == make_up, bookings_in_reach(actor, now))
    )
    if locked:
        query = query.with_for_update(of=MakeUp)
    found = db.execute(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    right = Right(MakeUpStatus(found[0].status), found[0].book_by, may_act=bool(found.may_act))
    return Asked(found[0], can_use(right, provider.today(db, now)))


def judged(db: Session, now: datetime, *bookings: ColumnElement[bool]) -> list[Judged]:
    """One query: the same for several bookings; the caller has made sure that they may be asked about."""
    settings, zone = provider.get(db), provider.zone(db)
    return [
        Judged(fact, can_attend(fact.target, now, zone)) for fact in targets(db, settings, now, *bookings)
    ]


def open_count(db: Session, booking_id: int, now: datetime) -> Openings:
    """What a make-up of this booking could be booked for, were there one now; one query."""
    return openings(judged(db, now, col(Booking.id) == booking_id))


def openings(found: Sequence[Judged]) -> Openings:
    """Counted, of one booking."""
    open_now = [one.fact.target.free for one in found if one.refused is None]
    if open_now:
        return Openings(len(open_now), sum(open_now))
    return Openings(refused=tuple(one.refused for one in found if one.refused is not None))
