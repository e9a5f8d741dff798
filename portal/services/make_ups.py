"""Make-ups: earned, booked, used, expired. Every step is a row of its history."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceKind, Booking
from portal.models.classes import ClassSession, Course, Programme
from portal.services import places, provider
from portal.services.authority import decided_by, for_family, provider_only
from portal.services.enrolment import Coming


class MakeUpNotAvailable(PortalError):
    """The make-up is booked, used or expired already."""

    message_key = "makeup.not_available"


class OtherProgramme(PortalError):
    """The session is of a programme this make-up is not for."""

    message_key = "makeup.other_programme"


def earn(db: Session, attendance: Attendance, cause: str, now: datetime) -> int | None:
    """The right to another session for one that is not attended, unless the programme gives none; its id.

    It must be booked within the programme's days, counted from the day of the session it replaces.
    """
    programme = _programme(db, db.get_one(ClassSession, attendance.session_id).course_id)
    offered = provider.get(db).make_ups if programme.make_ups is None else programme.make_ups
    if not offered or attendance.kind != AttendanceKind.REGULAR:
        return None
    return _give(db, attendance, cause, now)


def _give(db: Session, attendance: Attendance, cause: str, now: datetime) -> int:
    session = db.get_one(ClassSession, attendance.session_id)
    programme = _programme(db, session.course_id)
    days = provider.get(db).make_up_days if programme.make_up_days is None else programme.make_up_days
    missed_on = session.starts_at.astimezone(provider.zone(db)).date()
    earned = MakeUp(
        family_id=attendance.family_id,
        member_id=attendance.member_id,
        booking_id=attendance.booking_id,
        earned_by_id=attendance.id,
        book_by=missed_on + timedelta(days=days),
        created_at=now,
    )
    db.add(earned)
    db.flush()
    assert earned.id is not None
    _write(db, earned, MakeUpEntryKind.EARNED, cause, now, attendance.id)
    return earned.id


def grant(db: Session, actor: Actor, attendance_id: int, cause: str, now: datetime) -> int:
    """The provider gives a make-up where the programme does not; its id."""
    provider_only(actor)
    attendance = db.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    return _give(db, attendance, cause, now)


def book(db: Session, actor: Actor, make_up_id: int, session_id: int, now: datetime) -> Coming:
    """A place in another session for the make-up: both change together, or neither."""
    found = db.get(MakeUp, make_up_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    for_family(actor, found.family_id)
    session = db.get(ClassSession, session_id)
    if session is None or session.starts_at <= now:
        raise NotFound
    if found.status != MakeUpStatus.AVAILABLE or now.astimezone(provider.zone(db)).date() > found.book_by:
        raise MakeUpNotAvailable
    _refuse_other_programme(db, found, session)
    places.take_for_make_up(db, session_id)
    taken = Attendance(
        family_id=found.family_id,
        member_id=found.member_id,
        booking_id=found.booking_id,
        session_id=session_id,
        kind=AttendanceKind.MAKE_UP,
        decided_by=decided_by(actor),
        decided_at=now,
    )
    db.add(taken)
    db.flush()
    assert taken.id is not None
    found.status, found.booked_as_id = MakeUpStatus.BOOKED, taken.id
    _write(db, found, MakeUpEntryKind.BOOKED, "", now, taken.id)
    return Coming(
        taken.id, session_id, session.starts_at, session.starts_at.astimezone(provider.zone(db)).date()
    )


def use(db: Session, attendance_ids: list[int], now: datetime) -> None:
    """Make-ups whose booked session has been held, attended or not, are used."""
    held = select(MakeUp).where(
        col(MakeUp.booked_as_id).in_(attendance_ids), MakeUp.status == MakeUpStatus.BOOKED
    )
    for found in db.execute(held.order_by(col(MakeUp.id)).with_for_update()).scalars().all():
        found.status = MakeUpStatus.USED
        _write(db, found, MakeUpEntryKind.USED, "", now, found.booked_as_id)


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Available make-ups whose last day is past are expired; how many."""
    provider_only(actor)
    today = now.astimezone(provider.zone(db)).date()
    over = (MakeUp.status == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) < today)
    found = db.execute(select(MakeUp).where(*over).order_by(col(MakeUp.id)).with_for_update()).scalars().all()
    for one in found:
        one.status = MakeUpStatus.EXPIRED
        _write(db, one, MakeUpEntryKind.EXPIRED, "Not booked in time", now, None)
    return len(found)


def _programme(db: Session, course_id: int) -> Programme:
    return db.get_one(Programme, db.get_one(Course, course_id).programme_id)


def _refuse_other_programme(db: Session, found: MakeUp, session: ClassSession) -> None:
    given = _programme(db, db.get_one(Booking, found.booking_id).course_id)
    wanted = _programme(db, session.course_id)
    same_group = bool(given.make_up_group) and given.make_up_group == wanted.make_up_group
    if given.id != wanted.id and not same_group:
        raise OtherProgramme


def _write(
    db: Session, of: MakeUp, kind: MakeUpEntryKind, cause: str, now: datetime, attendance_id: int | None
) -> None:
    assert of.id is not None
    db.add(
        MakeUpEntry(
            family_id=of.family_id,
            make_up_id=of.id,
            kind=kind,
            attendance_id=attendance_id,
            cause=cause,
            at=now,
        )
    )
    db.flush()
