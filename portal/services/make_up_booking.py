"""A make-up and the place it is booked for: taken together, given up together, or neither."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus
from portal.models.classes import ClassSession
from portal.rules.conditions import refuse_unless_all
from portal.rules.make_ups import UNDONE, can_attend
from portal.services import make_up_choices, make_up_waits, make_ups, places, provider
from portal.services.authority import decided_by
from portal.services.enrolment import Coming
from portal.services.facts.make_up_targets import TargetFact, target
from portal.services.places import NoPlaceLeft
from portal.services.storing import store
from portal.services.turns import take_turns

CALLED_OFF = "We cancelled the session"
NOT_COUNTED = (UNDONE, CALLED_OFF)
AT_LEAST = timedelta(days=14)
"""What is left to book another session when the provider cancels the one that was booked."""


@dataclass(frozen=True)
class Behind:
    """The make-up that a session is booked with: until when it could be booked, and whether it came back before."""

    book_by: date
    given_back: bool


def book(db: Session, actor: Actor, make_up: str, session: str, now: datetime) -> Coming:
    """A place in another session for the make-up, by their public ids: both change together, or neither."""
    asked = make_up_choices.asked_for(db, actor, make_up, now)
    session_id = db.execute(
        select(col(ClassSession.id)).where(col(ClassSession.public_id) == session)
    ).scalar()
    if session_id is None:
        raise NotFound
    _lock(db, asked.make_up, session_id)
    asked = make_up_choices.asked_for(db, actor, make_up, now, locked=True)
    refuse_unless_all(asked.conditions)
    found = _judge(db, asked.make_up, session_id, now)
    make_up_waits.leave(db, asked.make_up, taken=session_id)
    try:
        places.take_for_make_up(db, session_id)
    except NoPlaceLeft as full:
        raise NoPlaceLeft("makeup.no_place") from full
    return _write(db, actor, asked.make_up, found, now)


def _lock(db: Session, make_up: MakeUp, session_id: int) -> None:
    """Sessions before anything else, as everybody does: the wanted one, and the one that is kept for this make-up.

    And one booking of a member after the other, so that nobody is in two places at a time.
    """
    kept = make_up_waits.offered_session(db, make_up.id or 0)
    places.lock(db, {session_id, kept or session_id})
    take_turns(db, f"visits of {make_up.member_id}")


def _judge(db: Session, make_up: MakeUp, session_id: int, now: datetime) -> TargetFact:
    """A place that is kept for this very make-up is free for it."""
    settings, zone = provider.get(db), provider.zone(db)
    found = target(db, settings, make_up.booking_id, col(ClassSession.id) == session_id)
    if found is None:
        raise NotFound
    kept = make_up_waits.offered_session(db, make_up.id or 0) == session_id
    refuse_unless_all(can_attend(replace(found.target, free=found.target.free + kept), now, zone))
    return found


def _write(db: Session, actor: Actor, make_up: MakeUp, found: TargetFact, now: datetime) -> Coming:
    attendance_id = _attend(db, actor, make_up, found.session_id, now)
    free = update(MakeUp).where(col(MakeUp.id) == make_up.id, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
    booked = free.values(status=MakeUpStatus.BOOKED, booked_as_id=attendance_id)
    if cast("CursorResult[Any]", db.execute(booked)).rowcount != 1:
        raise PortalError("makeup.not_available")
    make_ups.write(db, make_up, MakeUpEntryKind.BOOKED, "", now, attendance_id)
    return Coming(attendance_id, found.session_id, found.starts_at, found.day)


def _attend(db: Session, actor: Actor, make_up: MakeUp, session_id: int, now: datetime) -> int:
    """A new attendance, or the one that was given up, made again."""
    of = (col(Attendance.booking_id) == make_up.booking_id, col(Attendance.session_id) == session_id)
    before = db.execute(select(Attendance).where(*of).with_for_update()).scalar()
    if before is None:
        before = Attendance(
            family_id=make_up.family_id,
            member_id=make_up.member_id,
            booking_id=make_up.booking_id,
            session_id=session_id,
            kind=AttendanceKind.MAKE_UP,
        )
    before.status, before.note, before.reason = AttendanceStatus.GOING, "", ""
    before.decided_by, before.decided_at = decided_by(actor), now
    return store(db, before)


def behind(db: Session, attendance_id: int) -> Behind | None:
    """The make-up that this session is booked with; None where it needs none."""
    booked = (col(MakeUp.booked_as_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.BOOKED)
    found = db.execute(select(MakeUp).where(*booked)).scalar()
    return Behind(found.book_by, _was_returned(db, found)) if found else None


def give_up(
    db: Session, attendance_id: int, now: datetime, *, late: bool, cause: str = "Cancelled in time"
) -> None:
    """The booked session is given up: in time and for the first time, it comes back; else it is used."""
    booked = select(MakeUp).where(
        col(MakeUp.booked_as_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.BOOKED
    )
    found = db.execute(booked.with_for_update()).scalar_one()
    if late or _was_returned(db, found):
        found.status = MakeUpStatus.USED
        make_ups.write(
            db,
            found,
            MakeUpEntryKind.USED,
            "Cancelled late" if late else "Cancelled again",
            now,
            attendance_id,
        )
        return
    found.status, found.booked_as_id = MakeUpStatus.AVAILABLE, None
    make_ups.write(db, found, MakeUpEntryKind.RETURNED, cause, now, attendance_id)


def book_again(db: Session, attendance_id: int, cause: str, now: datetime) -> None:
    """The session that was given up is attended after all, by the make-up it was booked with before."""
    booked = select(col(MakeUpEntry.make_up_id)).where(
        col(MakeUpEntry.attendance_id) == attendance_id, col(MakeUpEntry.kind) == MakeUpEntryKind.BOOKED
    )
    there = or_(col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.booked_as_id) == attendance_id)
    found = db.execute(select(MakeUp).where(col(MakeUp.id).in_(booked), there).with_for_update()).scalar()
    if found is None:
        raise PortalError("makeup.not_available")
    found.status, found.booked_as_id = MakeUpStatus.BOOKED, attendance_id
    make_ups.write(db, found, MakeUpEntryKind.BOOKED, cause, now, attendance_id)


def called_off(db: Session, attendance_ids: list[int], now: datetime) -> None:
    """The provider cancels the session: every make-up booked for it comes back, with time to book another."""
    booked = (col(MakeUp.booked_as_id).in_(attendance_ids), col(MakeUp.status) == MakeUpStatus.BOOKED)
    query = select(MakeUp).where(*booked).order_by(col(MakeUp.id)).with_for_update()
    today = provider.today(db, now)
    for found in db.execute(query).scalars().all():
        given_up, found.booked_as_id = found.booked_as_id, None
        found.status = MakeUpStatus.AVAILABLE
        make_ups.write(db, found, MakeUpEntryKind.RETURNED, CALLED_OFF, now, given_up)
        if found.book_by < today + AT_LEAST:
            found.book_by = today + AT_LEAST
            make_ups.write(db, found, MakeUpEntryKind.EXTENDED, CALLED_OFF, now, None)


def _was_returned(db: Session, of: MakeUp) -> bool:
    """Once before.

    Not counted: a booking undone at once, what the provider called off, and a return that was followed by coming
    to that very session after all.
    """
    after = aliased(MakeUpEntry)
    undone = exists().where(
        col(after.attendance_id) == col(MakeUpEntry.attendance_id),
        col(after.kind) == MakeUpEntryKind.BOOKED,
        col(after.id) > col(MakeUpEntry.id),
    )
    returned = (
        col(MakeUpEntry.make_up_id) == of.id,
        col(MakeUpEntry.kind) == MakeUpEntryKind.RETURNED,
        col(MakeUpEntry.cause).not_in(NOT_COUNTED),
    )
    return db.execute(select(col(MakeUpEntry.id)).where(*returned, ~undone)).first() is not None
