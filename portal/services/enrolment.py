"""Enrolling a member: a booking, its attendances, and a place in every session of its span."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.bookings import (
    LIVE,
    Attendance,
    AttendanceKind,
    Booking,
    BookingKind,
    BookingStatus,
    OpenReason,
)
from portal.models.classes import ClassSession, Course, SessionStatus
from portal.models.people import Member
from portal.services import places, provider
from portal.services.authority import decided_by, provider_only
from portal.services.storing import store


class CourseFull(PortalError):
    """There is no place in every session of the course; the waiting list is open."""

    message_key = "enrolment.course_full"


class CourseOver(PortalError):
    """No session of the course is still to come."""

    message_key = "enrolment.course_over"


class AlreadyBooked(PortalError):
    """The member has a live booking of this course."""

    message_key = "enrolment.already_booked"


class SessionStarted(PortalError):
    """It is too late for this session: it has started."""

    message_key = "enrolment.session_started"


Slot = tuple[int, datetime, date]
"""A session's id, its start, and the provider's calendar day of it."""


@dataclass(frozen=True)
class Coming:
    """The member's place in one session; `day` is the provider's calendar day."""

    attendance_id: int
    session_id: int
    starts_at: datetime
    day: date


@dataclass(frozen=True)
class Booked:
    """A new booking and its sessions, in order."""

    booking_id: int
    sessions: tuple[Coming, ...]

    def on(self, day: date) -> Coming:
        """The session on that day."""
        return next(coming for coming in self.sessions if coming.day == day)


def book(
    db: Session,
    actor: Actor,
    member_id: int,
    course_id: int,
    now: datetime,
    *,
    starts_on: date | None = None,
    waits_for: OpenReason | None = None,
) -> Booked:
    """A full booking of every session still to come; `waits_for` keeps it open, with its places held."""
    provider_only(actor)
    return enrol(db, actor, member_id, course_id, now, starts_on=starts_on, waits_for=waits_for)


def enrol(
    db: Session,
    actor: Actor,
    member_id: int,
    course_id: int,
    now: datetime,
    *,
    starts_on: date | None = None,
    waits_for: OpenReason | None = None,
) -> Booked:
    """The same for other services: whoever calls it has asked whether the actor may."""
    member = member_of(db, member_id)
    refuse_second(db, member_id, course_id)
    coming = [slot for slot in to_come(db, course_id, now) if starts_on is None or slot[2] >= starts_on]
    take_all(db, course_id, coming)
    booking = Booking(
        family_id=member.family_id,
        member_id=member_id,
        course_id=course_id,
        status=BookingStatus.OPEN if waits_for else BookingStatus.ACTIVE,
        open_reason=waits_for or "",
        starts_on=coming[0][2],
        ends_on=coming[-1][2],
        created_at=now,
    )
    return write_booking(db, actor, booking, AttendanceKind.REGULAR, coming, now)


def book_trial(db: Session, actor: Actor, member_id: int, session_id: int, now: datetime) -> Booked:
    """One session to see whether it suits; the booking stays open until the trial has an outcome."""
    provider_only(actor)
    member, coming = member_of(db, member_id), coming_session(db, session_id, now)
    course_id = course_id_of(db, session_id)
    refuse_second(db, member_id, course_id)
    places.take(db, [session_id])
    booking = Booking(
        family_id=member.family_id,
        member_id=member_id,
        course_id=course_id,
        kind=BookingKind.TRIAL,
        status=BookingStatus.OPEN,
        open_reason=OpenReason.TRIAL,
        starts_on=coming[2],
        ends_on=coming[2],
        created_at=now,
    )
    return write_booking(db, actor, booking, AttendanceKind.TRIAL, [coming], now)


def member_of(db: Session, member_id: int) -> Member:
    """The member, or NotFound."""
    found = db.get(Member, member_id)
    if found is None or found.erased_at is not None:
        raise NotFound
    return found


def course_of(db: Session, course_id: int) -> Course:
    """The course, or NotFound."""
    found = db.get(Course, course_id)
    if found is None:
        raise NotFound
    return found


def course_id_of(db: Session, session_id: int) -> int:
    """The course a session belongs to, or NotFound."""
    found = db.execute(select(col(ClassSession.course_id)).where(col(ClassSession.id) == session_id)).scalar()
    if found is None:
        raise NotFound
    return found


def refuse_second(db: Session, member_id: int, course_id: int) -> None:
    """AlreadyBooked when the member has a live booking of the course, a place in its line included."""
    live = col(Booking.status).in_(LIVE)
    if db.execute(
        select(col(Booking.id)).where(
            col(Booking.member_id) == member_id, col(Booking.course_id) == course_id, live
        )
    ).first():
        raise AlreadyBooked


def take_all(db: Session, course_id: int, slots: Sequence[Slot]) -> None:
    """A place in each of them: CourseOver when there are none, CourseFull when one has no place left."""
    name = course_of(db, course_id).name
    if not slots:
        raise CourseOver(course=name)
    try:
        places.take(db, [session_id for session_id, _, _ in slots])
    except places.NoPlaceLeft as full:
        raise CourseFull(course=name) from full


def to_come(db: Session, course_id: int, now: datetime) -> list[Slot]:
    """The course's sessions that have not started, in order."""
    zone = provider.zone(db)
    rows = db.execute(
        select(col(ClassSession.id), col(ClassSession.starts_at))
        .where(
            col(ClassSession.course_id) == course_id,
            col(ClassSession.starts_at) > now,
            col(ClassSession.status) == SessionStatus.SCHEDULED,
        )
        .order_by(col(ClassSession.starts_at))
    ).all()
    return [(session_id, starts_at, starts_at.astimezone(zone).date()) for session_id, starts_at in rows]


def coming_session(db: Session, session_id: int, now: datetime) -> Slot:
    """The session's id, start and day; SessionStarted when it is too late for it."""
    starts_at = db.execute(
        select(col(ClassSession.starts_at)).where(col(ClassSession.id) == session_id)
    ).scalar()
    if starts_at is None:
        raise NotFound
    if starts_at <= now:
        raise SessionStarted
    return session_id, starts_at, starts_at.astimezone(provider.zone(db)).date()


def write_booking(
    db: Session, actor: Actor, booking: Booking, kind: AttendanceKind, slots: Sequence[Slot], now: datetime
) -> Booked:
    """The booking with an attendance for each session, whose places the caller has taken."""
    booking_id = store(db, booking)
    rows = [
        Attendance(
            family_id=booking.family_id,
            member_id=booking.member_id,
            booking_id=booking_id,
            session_id=session_id,
            kind=kind,
            decided_by=decided_by(actor),
            decided_at=now,
        )
        for session_id, _, _ in slots
    ]
    db.add_all(rows)
    db.flush()
    coming = tuple(Coming(row.id or 0, *slot) for row, slot in zip(rows, slots, strict=True))
    return Booked(booking_id, coming)
