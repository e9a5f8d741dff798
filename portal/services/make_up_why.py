""" "Why is there no make-up option?": answered for a member and a session, rule by rule, for the provider."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal import i18n
from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import Booking
from portal.models.classes import ClassSession
from portal.models.people import Member
from portal.rules.conditions import Condition
from portal.rules.make_ups import Right, can_attend, can_use
from portal.services import provider
from portal.services.authority import provider_only
from portal.services.facts.make_up_targets import target

NO_MAKE_UP = Condition("makeup.none_given", held=False)


@dataclass(frozen=True)
class Answer:
    """One rule: held or not, and when not, what the family reads."""

    key: str
    held: bool
    words: str = ""
    holds_from: datetime | None = None


def why(db: Session, actor: Actor, member: str, session: str, now: datetime) -> list[list[Answer]]:
    """For each make-up of the member every condition of booking it for this session, the newest make-up first.

    Without a make-up there is one list, which says so and how the session stands for a booking of the member.
    """
    provider_only(actor)
    who = db.execute(select(Member).where(col(Member.public_id) == member)).scalar()
    session_id = db.execute(
        select(col(ClassSession.id)).where(col(ClassSession.public_id) == session)
    ).scalar()
    if who is None or session_id is None:
        raise NotFound
    of = select(MakeUp).where(col(MakeUp.member_id) == who.id, col(MakeUp.status) != MakeUpStatus.TAKEN_BACK)
    found = db.execute(of.order_by(col(MakeUp.created_at).desc(), col(MakeUp.id).desc())).scalars().all()
    if found:
        return [_of(db, one, session_id, now) for one in found]
    booked = select(col(Booking.id)).where(col(Booking.member_id) == who.id)
    booking_id = db.execute(booked.order_by(col(Booking.id).desc())).scalars().first()
    stands = _stands(db, booking_id, session_id, now) if booking_id is not None else []
    return [[_answer(one) for one in (NO_MAKE_UP, *stands)]]


def _of(db: Session, make_up: MakeUp, session_id: int, now: datetime) -> list[Answer]:
    right = Right(MakeUpStatus(make_up.status), make_up.book_by, may_act=True)
    usable = can_use(right, provider.today(db, now))
    return [_answer(one) for one in (*usable, *_stands(db, make_up.booking_id, session_id, now))]


def _stands(db: Session, booking_id: int, session_id: int, now: datetime) -> list[Condition]:
    found = target(db, provider.get(db), booking_id, col(ClassSession.id) == session_id)
    return can_attend(found.target, now, provider.zone(db)) if found is not None else []


def _answer(one: Condition) -> Answer:
    words = "" if one.held else i18n.say(one.message_key, one.values)
    return Answer(one.message_key, one.held, words, None if one.held else one.holds_from)
