"""Bookings with the course they are of, and the ticks of their term."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session, col

from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking, BookingKind, BookingStatus
from portal.models.classes import ClassSession, Course, Place, Programme, SessionStatus, Term
from portal.services.scene import Scene
from portal.services.visibility import visible_bookings


@dataclass(frozen=True)
class Tick:
    """One session of a booking's term."""

    starts_at: datetime
    ends_at: datetime
    status: AttendanceStatus
    cancelled_by_provider: bool


@dataclass(frozen=True)
class BookingFact:
    """A member's enrolment; weekday Monday 0, local times of the course."""

    id: int
    public_id: str
    member_id: int
    course_id: int
    programme_id: int
    title: str
    kind: BookingKind
    status: BookingStatus
    open_reason: str
    weekday: int
    starts_local: time
    ends_local: time
    starts_on: date
    ends_on: date
    place: str
    online: bool
    drop_in: bool
    term: str
    created_at: datetime
    ticks: tuple[Tick, ...]


def bookings(db: Session, scene: Scene, *conditions: ColumnElement[bool]) -> list[BookingFact]:
    """Two queries: the bookings the actor may see, live ones first by course start, and the ticks of all of them."""
    seen = visible_bookings(scene.actor, scene.now)
    rows = db.execute(
        select(Booking, Course, Programme.kind, Place, Term.name)
        .join(Course, col(Course.id) == col(Booking.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .join(Place, col(Place.id) == col(Course.place_id))
        .outerjoin(Term, col(Term.id) == col(Course.term_id))
        .where(seen, *conditions)
        .order_by(col(Booking.member_id), col(Booking.starts_on), col(Booking.id))
    ).all()
    found = _ticks(db, select(col(Booking.id)).where(seen, *conditions)) if rows else {}
    return [_fact(row, tuple(found.get(row[0].id, ()))) for row in rows]


def _ticks(db: Session, booking_ids: Any) -> dict[int, list[Tick]]:
    """Regular sessions only: a make-up belongs to the term of the session it replaces."""
    rows = db.execute(
        select(
            Attendance.booking_id,
            ClassSession.starts_at,
            ClassSession.ends_at,
            Attendance.status,
            ClassSession.status,
        )
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .where(col(Attendance.booking_id).in_(booking_ids), Attendance.kind != AttendanceKind.MAKE_UP)
        .order_by(col(ClassSession.starts_at))
    ).all()
    ticks: dict[int, list[Tick]] = defaultdict(list)
    for booking_id, starts_at, ends_at, status, session_status in rows:
        off = session_status == SessionStatus.CANCELLED
        ticks[booking_id].append(Tick(starts_at, ends_at, AttendanceStatus(status), off))
    return ticks


def _fact(row: Row[Any], ticks: tuple[Tick, ...]) -> BookingFact:
    booking, course, programme_kind, place, term = row
    return BookingFact(
        id=booking.id,
        public_id=booking.public_id,
        member_id=booking.member_id,
        course_id=course.id,
        programme_id=course.programme_id,
        title=course.name,
        kind=BookingKind(booking.kind),
        status=BookingStatus(booking.status),
        open_reason=booking.open_reason,
        weekday=course.weekday,
        starts_local=course.starts_local,
        ends_local=course.ends_local,
        starts_on=booking.starts_on,
        ends_on=booking.ends_on,
        place=place.name,
        online=place.online,
        drop_in=programme_kind == "drop_in",
        term=term or "",
        created_at=booking.created_at,
        ticks=ticks,
    )
