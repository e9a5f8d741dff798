"""A member's sessions: one row for each attendance the actor may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking, BookingStatus
from portal.models.classes import ClassSession, Course, Instructor, Place, Programme, ProgrammeKind, SessionStatus
from portal.services.scene import Scene
from portal.services.visibility import visible_bookings


@dataclass(frozen=True)
class SessionFact:
    """One member at one session. Instants are aware UTC."""

    attendance: str
    booking: str
    booking_id: int
    attendance_id: int
    session_id: int
    member_id: int
    title: str
    drop_in: bool
    kind: AttendanceKind
    status: AttendanceStatus
    decided_by: str
    note: str
    change_note: str
    starts_at: datetime
    ends_at: datetime
    place: str
    room: str
    online: bool
    map_url: str
    instructor: str
    livestream_url: str
    cancelled_by_provider: bool
    booking_open: bool
    """The booking still waits: for a confirmation, a payment, a trial's outcome."""

    @property
    def coming(self) -> bool:
        """The member is expected."""
        return self.status in (AttendanceStatus.GOING, AttendanceStatus.ATTENDED) and not self.cancelled_by_provider

    def where(self) -> str:
        """ "Harbour Pool, lane 2", or "Online"."""
        return f"{self.place}, {self.room}" if self.room else self.place


def sessions(
    db: Session,
    scene: Scene,
    *,
    ending_after: datetime | None = None,
    ended_by: datetime | None = None,
    booking_id: int | None = None,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[SessionFact]:
    """One query: sessions in order of their start. Cancelled bookings keep only what was."""
    query = _joined().where(visible_bookings(scene.actor, scene.now))
    if ending_after is not None:
        live = (BookingStatus.OPEN, BookingStatus.ACTIVE)
        query = query.where(col(ClassSession.ends_at) > ending_after, col(Booking.status).in_(live))
    if ended_by is not None:
        query = query.where(col(ClassSession.ends_at) <= ended_by)
    if booking_id is not None:
        query = query.where(Attendance.booking_id == booking_id)
    starts, named = col(ClassSession.starts_at), col(Attendance.id)
    query = query.order_by(starts.desc() if newest_first else starts, named)
    return [_fact(row) for row in db.execute(query.limit(limit) if limit else query).all()]


def _joined() -> Select[Any]:
    return (
        select(Attendance, Booking, ClassSession, Course.name, Programme.kind, Place, Instructor.short_name)
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .outerjoin(Instructor, col(Instructor.id) == col(ClassSession.instructor_id))
    )


def _fact(row: Row[Any]) -> SessionFact:
    attendance, booking, session, title, programme_kind, place, instructor = row
    return SessionFact(
        attendance=attendance.public_id,
        booking=booking.public_id,
        booking_id=booking.id,
        attendance_id=attendance.id,
        session_id=session.id,
        member_id=attendance.member_id,
        title=title,
        drop_in=programme_kind == ProgrammeKind.DROP_IN,
        kind=AttendanceKind(attendance.kind),
        status=AttendanceStatus(attendance.status),
        decided_by=attendance.decided_by,
        note=attendance.note,
        change_note=session.change_note,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=place.name,
        room=session.room,
        online=place.online,
        map_url=place.map_url,
        instructor=instructor or "",
        livestream_url=session.livestream_url,
        cancelled_by_provider=session.status == SessionStatus.CANCELLED,
        booking_open=booking.status == BookingStatus.OPEN,
    )
