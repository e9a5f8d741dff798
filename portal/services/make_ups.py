"""Make-ups: earned, booked, used, expired. Every step is a row of its history."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking
from portal.models.classes import ClassSession, Course, Programme
from portal.services import places, provider
from portal.services.authority import decided_by, for_family, provider_only
from portal.services.enrolment import Coming
from portal.services.storing import store


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
    earned_id = store(db, earned)
    _write(db, earned, MakeUpEntryKind.EARNED, cause, now, attendance.id)
    return earned_id


def given_for_missed(db: Session, session: ClassSession) -> bool:
    """The programme gives make-ups for sessions missed without notice."""
    settings, programme = provider.get(db), _programme(db, session.course_id)
    said = (
        settings.make_up_for_missed if programme.make_up_for_missed is None else programme.make_up_for_missed
    )
    return said and (settings.make_ups if programme.make_ups is None else programme.make_ups)


def earn_for_missed(db: Session, session: ClassSession, now: datetime) -> None:
    """One for each missed place of the session that has not earned it yet, where the programme says so."""
    if not given_for_missed(db, session):
        return
    missed = (col(Attendance.session_id) == session.id, col(Attendance.status) == AttendanceStatus.MISSED)
    earned = select(col(MakeUp.earned_by_id)).where(col(MakeUp.earned_by_id).is_not(None))
    query = select(Attendance).where(*missed, col(Attendance.id).not_in(earned)).order_by(col(Attendance.id))
    for attendance in db.execute(query).scalars().all():
        earn(db, attendance, "Missed", now)


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
    attendance_id, day = store(db, taken), session.starts_at.astimezone(provider.zone(db)).date()
    found.status, found.booked_as_id = MakeUpStatus.BOOKED, attendance_id
    _write(db, found, MakeUpEntryKind.BOOKED, "", now, attendance_id)
    return Coming(attendance_id, session_id, session.starts_at, day)


def give_up(db: Session, attendance_id: int, now: datetime, *, late: bool) -> None:
    """The booked session is given up: in time and for the first time, it comes back; else it is used."""
    booked = select(MakeUp).where(
        col(MakeUp.booked_as_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.BOOKED
    )
    found = db.execute(booked.with_for_update()).scalar_one()
    before = (col(MakeUpEntry.make_up_id) == found.id, col(MakeUpEntry.kind) == MakeUpEntryKind.RETURNED)
    if late or db.execute(select(col(MakeUpEntry.id)).where(*before)).first():
        found.status = MakeUpStatus.USED
        _write(
            db,
            found,
            MakeUpEntryKind.USED,
            "Cancelled late" if late else "Cancelled again",
            now,
            attendance_id,
        )
        return
    found.status, found.booked_as_id = MakeUpStatus.AVAILABLE, None
    _write(db, found, MakeUpEntryKind.RETURNED, "Cancelled in time", now, attendance_id)


def use(db: Session, attendance_ids: list[int], now: datetime) -> None:
    """Make-ups whose booked session has been held, attended or not, are used."""
    held = select(MakeUp).where(
        col(MakeUp.booked_as_id).in_(attendance_ids), col(MakeUp.status) == MakeUpStatus.BOOKED
    )
    for found in db.execute(held.order_by(col(MakeUp.id)).with_for_update()).scalars().all():
        found.status = MakeUpStatus.USED
        _write(db, found, MakeUpEntryKind.USED, "", now, found.booked_as_id)


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Available make-ups whose last day is past are expired; how many."""
    provider_only(actor)
    today = now.astimezone(provider.zone(db)).date()
    over = (col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) < today)
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
    entry = MakeUpEntry(
        family_id=of.family_id,
        make_up_id=of.id or 0,
        kind=kind,
        attendance_id=attendance_id,
        cause=cause,
        at=now,
    )
    store(db, entry)
