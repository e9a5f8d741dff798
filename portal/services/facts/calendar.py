"""Sessions as other people's calendars are told of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlmodel import Session, col

from portal import routes
from portal.documents.calendar_file import Entry
from portal.models.bookings import (
    LIVE,
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingStatus,
    OpenReason,
)
from portal.models.classes import ClassSession, Course, Instructor, Place, SessionStatus
from portal.rules.calendars import sequence
from portal.rules.terms import CANCELLED
from portal.services.facts.attending import comes_with_make_up
from portal.services.facts.sessions import seen
from portal.services.scene import Scene
from portal.weblinks import web_address

_KINDS = {AttendanceKind.MAKE_UP: ", make-up", AttendanceKind.TRIAL: ", trial"}


def entries(
    db: Session, scene: Scene, public_url: str, *conditions: ColumnElement[bool], since: datetime
) -> list[Entry]:
    """One query: what ends after `since`, in order. Of what is to come, bookings that ended show nothing."""
    over = col(ClassSession.ends_at) <= scene.now
    standing = or_(over, col(Booking.status).in_(LIVE), comes_with_make_up())
    query = _joined().where(*seen(scene), *conditions, col(ClassSession.ends_at) > since, standing)
    rows = db.execute(query.order_by(col(ClassSession.starts_at), col(Attendance.id))).all()
    return [_entry(scene, row, public_url) for row in rows]


def _joined() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attendance,
            Booking,
            ClassSession,
            Place,
            col(Course.name).label("title"),
            col(Course.timezone).label("zone"),
            col(Instructor.full_name).label("instructor"),
        )
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .outerjoin(Instructor, col(Instructor.id) == col(ClassSession.instructor_id))
    )


def _entry(scene: Scene, row: Row[Any], public_url: str) -> Entry:
    attendance, booking, session = row.Attendance, row.Booking, row.ClassSession
    off = session.status == SessionStatus.CANCELLED or AttendanceStatus(attendance.status) in CANCELLED
    stream = web_address(session.livestream_url) if scene.provider.livestream and not off else ""
    url = f"{public_url}{routes.booking(booking.public_id)}"
    return Entry(
        uid=f"{attendance.public_id}@family-portal",
        sequence=sequence(session.sequence, booking.created_at, attendance.decided_at),
        revised_at=attendance.decided_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=row.zone,
        summary=_summary(scene, row, off),
        location=_where(row.Place, session.room),
        description=_description(session.change_note, row.instructor, stream, url),
        url=url,
        livestream=stream,
        cancelled=off,
        tentative=booking.status == BookingStatus.OPEN and booking.open_reason != OpenReason.TRIAL,
    )


def _summary(scene: Scene, row: Row[Any], off: bool) -> str:
    """ "Mila: Little Waves 2"; programs that show nothing of a status read what was cancelled in the words."""
    name, kind = scene.members[row.Attendance.member_id].first_name, _KINDS.get(row.Attendance.kind, "")
    words = f"{name}: {row.title}{kind}"
    return f"Cancelled: {words}" if off else words


def _where(place: Place, room: str) -> str:
    return ", ".join(part for part in (place.name, room, place.address) if part)


def _description(note: str, instructor: str | None, stream: str, url: str) -> str:
    lines = (
        note,
        f"With {instructor}" if instructor else "",
        f"Livestream: {stream}" if stream else "",
        f"Can’t come, or a question? {url}",
    )
    return "\n".join(line for line in lines if line)
