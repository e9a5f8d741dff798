"""Make-ups: earned, booked, used, expired. Every step is a row of its history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking
from portal.models.classes import ClassSession, Course, Programme
from portal.rules.cancellation import policy_of
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


@dataclass(frozen=True)
class Behind:
    """The make-up that a session is booked with: until when it could be booked, and whether it came back before."""

    book_by: date
    given_back: bool


def earn(db: Session, attendance: Attendance, cause: str, now: datetime) -> int | None:
    """The right to another session for one that is not attended, unless the programme gives none; its id.

    It must be booked within the programme's days, counted from the day of the session it replaces.
    """
    if book_by_if_earned(db, attendance) is None:
        return None
    return _give(db, attendance, cause, now)


def book_by_if_earned(db: Session, attendance: Attendance) -> date | None:
    """The last day on which the make-up that it would give could be booked; None where it gives none."""
    session = db.get_one(ClassSession, attendance.session_id)
    programme = _programme(db, session.course_id)
    if attendance.kind != AttendanceKind.REGULAR or not policy_of(provider.get(db), programme).make_ups:
        return None
    return _book_by(db, session, programme)


def _book_by(db: Session, session: ClassSession, programme: Programme) -> date:
    days = provider.get(db).make_up_days if programme.make_up_days is None else programme.make_up_days
    return session.starts_at.astimezone(provider.zone(db)).date() + timedelta(days=days)


def _give(db: Session, attendance: Attendance, cause: str, now: datetime) -> int:
    session = db.get_one(ClassSession, attendance.session_id)
    book_by = _book_by(db, session, _programme(db, session.course_id))
    earned = db.execute(_taken_back_from(attendance.id)).scalar() or MakeUp(
        family_id=attendance.family_id,
        member_id=attendance.member_id,
        booking_id=attendance.booking_id,
        earned_by_id=attendance.id,
        book_by=book_by,
        created_at=now,
    )
    earned.status, earned.book_by = MakeUpStatus.AVAILABLE, book_by
    earned_id = store(db, earned)
    _write(db, earned, MakeUpEntryKind.EARNED, cause, now, attendance.id)
    return earned_id


def take_back(db: Session, attendance_id: int, cause: str, now: datetime) -> None:
    """The session it was given for is attended after all; nothing happens where there is none to take."""
    given = (col(MakeUp.earned_by_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
    found = db.execute(select(MakeUp).where(*given).with_for_update()).scalar()
    if found is not None:
        found.status = MakeUpStatus.TAKEN_BACK
        _write(db, found, MakeUpEntryKind.TAKEN_BACK, cause, now, attendance_id)


def given_for_missed(db: Session, session: ClassSession) -> bool:
    """The programme gives make-ups for sessions missed without notice."""
    settings, programme = provider.get(db), _programme(db, session.course_id)
    said = (
        settings.make_up_for_missed if programme.make_up_for_missed is None else programme.make_up_for_missed
    )
    return said and policy_of(settings, programme).make_ups


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


def behind(db: Session, attendance_id: int) -> Behind | None:
    """The make-up that this session is booked with; None where it needs none."""
    booked = (col(MakeUp.booked_as_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.BOOKED)
    found = db.execute(select(MakeUp).where(*booked)).scalar()
    return Behind(found.book_by, _was_returned(db, found)) if found else None


def give_up(db: Session, attendance_id: int, now: datetime, *, late: bool) -> None:
    """The booked session is given up: in time and for the first time, it comes back; else it is used."""
    booked = select(MakeUp).where(
        col(MakeUp.booked_as_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.BOOKED
    )
    found = db.execute(booked.with_for_update()).scalar_one()
    if late or _was_returned(db, found):
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


def book_again(db: Session, attendance_id: int, cause: str, now: datetime) -> None:
    """The session that was given up is attended after all, by the make-up it was booked with before."""
    booked = select(col(MakeUpEntry.make_up_id)).where(
        col(MakeUpEntry.attendance_id) == attendance_id, col(MakeUpEntry.kind) == MakeUpEntryKind.BOOKED
    )
    there = or_(col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.booked_as_id) == attendance_id)
    found = db.execute(select(MakeUp).where(col(MakeUp.id).in_(booked), there).with_for_update()).scalar()
    if found is None:
        raise MakeUpNotAvailable
    found.status, found.booked_as_id = MakeUpStatus.BOOKED, attendance_id
    _write(db, found, MakeUpEntryKind.BOOKED, cause, now, attendance_id)


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


def _was_returned(db: Session, of: MakeUp) -> bool:
    """Once before; a return that was followed by coming to that very session after all does not count."""
    after = aliased(MakeUpEntry)
    undone = exists().where(
        col(after.attendance_id) == col(MakeUpEntry.attendance_id),
        col(after.kind) == MakeUpEntryKind.BOOKED,
        col(after.id) > col(MakeUpEntry.id),
    )
    returned = (col(MakeUpEntry.make_up_id) == of.id, col(MakeUpEntry.kind) == MakeUpEntryKind.RETURNED)
    return db.execute(select(col(MakeUpEntry.id)).where(*returned, ~undone)).first() is not None


def _taken_back_from(attendance_id: int | None) -> Select[MakeUp]:
    """A session gives one make-up, however often its place is given up and taken again."""
    return select(MakeUp).where(
        col(MakeUp.earned_by_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.TAKEN_BACK
    )


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
