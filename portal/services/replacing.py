"""A make-up booked, undone, waited for, taken and declined: what a family does, by public ids, with words for it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp
from portal.models.bookings import Attendance
from portal.models.classes import ClassSession, Course
from portal.models.people import Member
from portal.rules.attending import can_undo_sign_back_up
from portal.rules.conditions import refuse_unless_all
from portal.rules.make_ups import UNDONE
from portal.services import (
    attendance,
    audit,
    make_up_booking,
    make_up_choices,
    make_up_waits,
    places,
    provider,
    session_notes,
)
from portal.services.facts.attending import locked
from portal.words import calendar


class OfferOver(PortalError):
    """Nothing is kept for this make-up any more."""

    message_key = "makeup.offer_over"


def book(db: Session, actor: Actor, make_up: str, session: str, now: datetime) -> str:
    """The make-up is booked for the session; "Mila comes to Little Waves 2 on Sat 14 March, 10:15"."""
    coming = make_up_booking.book(db, actor, make_up, session, now)
    session_notes.tell_booked(db, coming.attendance_id, now)
    _note(db, actor, make_up, "make_up.booked", now)
    return f"{_named(db, make_up)} comes to {_session(db, coming.session_id, now)}"


def undo(db: Session, actor: Actor, make_up: str, now: datetime) -> str:
    """The booking of a moment ago never was: the place is free, and the make-up can come back once as before."""
    asked = make_up_choices.asked_for(db, actor, make_up, now)
    if asked.make_up.booked_as_id is None:
        raise PortalError("makeup.not_available")
    found = locked(db, actor, col(Attendance.id) == asked.make_up.booked_as_id, now)
    refuse_unless_all(can_undo_sign_back_up(found.attending, now))
    attendance.give_up(db, actor, found, now, late=False, cause=UNDONE)
    _note(db, actor, make_up, "make_up.booking_undone", now)
    return f"{_named(db, make_up)}’s make-up is yours again"


def wait(db: Session, actor: Actor, make_up: str, wanted: str, now: datetime) -> str:
    """Told when a place opens; where there is one already, it is offered at once."""
    make_up_waits.join(db, actor, make_up, wanted, now)
    make_up_waits.offer(db, now)
    return f"We tell you as soon as a place opens for {_named(db, make_up)}"


def stop_waiting(db: Session, actor: Actor, make_up: str, now: datetime) -> str:
    """Out of the line; the make-up stays."""
    asked = make_up_choices.asked_for(db, actor, make_up, now, locked=True)
    refuse_unless_all(asked.conditions)
    make_up_waits.leave(db, asked.make_up)
    return f"You no longer wait. {_named(db, make_up)}’s make-up is still yours"


def take(db: Session, actor: Actor, make_up: str, now: datetime) -> str:
    """Book the session in which a place is kept for this make-up."""
    return book(db, actor, make_up, _offered(db, actor, make_up, now).public_id, now)


def decline(db: Session, actor: Actor, make_up: str, now: datetime) -> str:
    """The place that is kept goes to the next in line; the make-up stays."""
    session = _offered(db, actor, make_up, now)
    places.lock(db, [session.id or 0])
    words = stop_waiting(db, actor, make_up, now)
    db.flush()
    make_up_waits.offer(db, now, session.id)
    return words


def _offered(db: Session, actor: Actor, make_up: str, now: datetime) -> ClassSession:
    asked = make_up_choices.asked_for(db, actor, make_up, now)
    session_id = make_up_waits.offered_session(db, asked.make_up.id or 0)
    if session_id is None:
        raise OfferOver
    return db.get_one(ClassSession, session_id)


def _named(db: Session, make_up: str) -> str:
    """The member's first name."""
    of = select(col(Member.first_name)).join(MakeUp, col(MakeUp.member_id) == col(Member.id))
    found = db.execute(of.where(col(MakeUp.public_id) == make_up)).scalar()
    if found is None:
        raise NotFound
    return str(found)


def _session(db: Session, session_id: int, now: datetime) -> str:
    session, settings = db.get_one(ClassSession, session_id), provider.get(db)
    told = calendar(settings.timezone, settings.locale)
    day = told.short_date(told.day(session.starts_at), told.day(now))
    return f"{db.get_one(Course, session.course_id).name} on {day}, {told.time(session.starts_at)}"


def _note(db: Session, actor: Actor, make_up: str, action: str, now: datetime) -> None:
    family_id = db.execute(select(col(MakeUp.family_id)).where(col(MakeUp.public_id) == make_up)).scalar()
    audit.note(db, actor, family_id, action, make_up, now)
