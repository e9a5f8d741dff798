"""Make-ups: earned, taken back, used. Every step is a row of its history."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus
from portal.models.classes import ClassSession, Course, Programme
from portal.models.provider import MakeUpExpiry, ProviderSettings
from portal.rules.cancellation import policy_of
from portal.services import make_up_sightings, make_up_waits, provider
from portal.services.authority import provider_only
from portal.services.storing import store


def earn(db: Session, attendance: Attendance, cause: str, now: datetime) -> int | None:
    """The right to another session for one that is not attended, unless the programme gives none; its id.

    It must be booked within the programme's days, counted from the day of the session it replaces, or by the end
    of the course: as the provider says.
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
    """So many days after the session it replaces; or the end of its course, from where some may be carried over."""
    settings = provider.get(db)
    if settings.make_up_expiry != MakeUpExpiry.DAYS:
        return db.get_one(Course, session.course_id).ends_on
    return session.starts_at.astimezone(provider.zone(db)).date() + valid_for(settings, programme)


def valid_for(settings: ProviderSettings, programme: Programme) -> timedelta:
    """How long a make-up of this programme lasts, where days say so."""
    own = programme.make_up_days
    return timedelta(days=settings.make_up_days if own is None else own)


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
    make_up_sightings.look_for(db, earned, now)
    write(db, earned, MakeUpEntryKind.EARNED, cause, now, attendance.id)
    return earned_id


def take_back(db: Session, attendance_id: int, cause: str, now: datetime) -> None:
    """The session it was given for is attended after all; nothing happens where there is none to take."""
    given = (col(MakeUp.earned_by_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
    found = db.execute(select(MakeUp).where(*given).with_for_update()).scalar()
    if found is not None:
        found.status = MakeUpStatus.TAKEN_BACK
        make_up_waits.leave(db, found)
        write(db, found, MakeUpEntryKind.TAKEN_BACK, cause, now, attendance_id)


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
    stands = (col(MakeUp.earned_by_id).is_not(None), col(MakeUp.status) != MakeUpStatus.TAKEN_BACK)
    earned = select(col(MakeUp.earned_by_id)).where(*stands)
    query = select(Attendance).where(*missed, col(Attendance.id).not_in(earned)).order_by(col(Attendance.id))
    for attendance in db.execute(query).scalars().all():
        earn(db, attendance, "Missed", now)


def take_back_for_attended(db: Session, session: ClassSession, now: datetime) -> None:
    """The register was put right: whoever came has missed nothing. One that is booked by now stays."""
    came = (col(Attendance.session_id) == session.id, col(Attendance.status) == AttendanceStatus.ATTENDED)
    given = (
        select(col(MakeUp.earned_by_id))
        .join(Attendance, col(Attendance.id) == col(MakeUp.earned_by_id))
        .where(*came, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
    )
    for attendance_id in db.execute(given.order_by(col(MakeUp.id))).scalars().all():
        take_back(db, attendance_id or 0, "Attended after all", now)


def grant(db: Session, actor: Actor, attendance_id: int, cause: str, now: datetime) -> int:
    """The provider gives a make-up where the programme does not; its id."""
    provider_only(actor)
    attendance = db.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    return _give(db, attendance, cause, now)


def use(db: Session, attendance_ids: list[int], now: datetime) -> None:
    """Make-ups whose booked session has been held, attended or not, are used."""
    held = select(MakeUp).where(
        col(MakeUp.booked_as_id).in_(attendance_ids), col(MakeUp.status) == MakeUpStatus.BOOKED
    )
    for found in db.execute(held.order_by(col(MakeUp.id)).with_for_update()).scalars().all():
        found.status = MakeUpStatus.USED
        write(db, found, MakeUpEntryKind.USED, "", now, found.booked_as_id)


def _taken_back_from(attendance_id: int | None) -> Select[MakeUp]:
    """A session gives one make-up, however often its place is given up and taken again."""
    return select(MakeUp).where(
        col(MakeUp.earned_by_id) == attendance_id, col(MakeUp.status) == MakeUpStatus.TAKEN_BACK
    )


def _programme(db: Session, course_id: int) -> Programme:
    return db.get_one(Programme, db.get_one(Course, course_id).programme_id)


def write(
    db: Session, of: MakeUp, kind: MakeUpEntryKind, cause: str, now: datetime, attendance_id: int | None
) -> None:
    """One more line of its history."""
    entry = MakeUpEntry(
        family_id=of.family_id,
        make_up_id=of.id or 0,
        kind=kind,
        attendance_id=attendance_id,
        cause=cause,
        at=now,
    )
    store(db, entry)
