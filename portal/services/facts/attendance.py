"""Sessions counted and placed in the calendar, without what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from portal.models.bookings import LIVE, Attendance, AttendanceKind, AttendanceStatus, Booking
from portal.models.classes import ClassSession, SessionStatus
from portal.rules.terms import CANCELLED
from portal.services.facts.attending import comes_with_make_up
from portal.services.facts.sessions import seen
from portal.services.scene import Scene


class PastKind(StrEnum):
    """What became of a session that is over; the values are those of the page's address."""

    ATTENDED = "attended"
    CANCELLED = "cancelled"
    MISSED = "missed"
    MAKE_UP = "make-up"


@dataclass(frozen=True)
class PastCounts:
    """One member's sessions that are over; a make-up that was attended counts as both."""

    member_id: int
    total: int
    by_kind: dict[PastKind, int]


@dataclass(frozen=True)
class Moment:
    """One member expected at one instant."""

    member_id: int
    starts_at: datetime


def of_kind(kind: PastKind) -> ColumnElement[bool]:
    """The condition for one kind of past session."""
    off = or_(col(ClassSession.status) == SessionStatus.CANCELLED, col(Attendance.status).in_(CANCELLED))
    if kind is PastKind.CANCELLED:
        return off
    if kind is PastKind.MAKE_UP:
        return col(Attendance.kind) == AttendanceKind.MAKE_UP
    status = AttendanceStatus.ATTENDED if kind is PastKind.ATTENDED else AttendanceStatus.MISSED
    return and_(~off, col(Attendance.status) == status)


def past_counts(db: Session, scene: Scene, *conditions: ColumnElement[bool]) -> list[PastCounts]:
    """One query: a row for each member with sessions that are over."""
    kinds = tuple(PastKind)
    rows = db.execute(
        select(
            col(Booking.member_id),
            func.count(),
            *(func.sum(case((of_kind(kind), 1), else_=0)) for kind in kinds),
        )
        .select_from(Attendance)
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .where(*seen(scene), col(ClassSession.ends_at) <= scene.now, *conditions)
        .group_by(col(Booking.member_id))
    ).all()
    return [
        PastCounts(row[0], row[1], {kind: int(n) for kind, n in zip(kinds, row[2:], strict=True)})
        for row in rows
    ]


def moments(db: Session, scene: Scene, spans: Sequence[tuple[datetime, datetime]]) -> list[Moment]:
    """One query: where the members are or were expected within the spans (from, until), in order."""
    live = col(Booking.status).in_(LIVE)
    starts = col(ClassSession.starts_at)
    rows = db.execute(
        select(col(Booking.member_id), starts)
        .select_from(Attendance)
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .where(
            *seen(scene),
            or_(*(and_(starts >= first, starts < until) for first, until in spans)),
            col(ClassSession.status) != SessionStatus.CANCELLED,
            col(Attendance.status).not_in(CANCELLED),
            or_(live, comes_with_make_up(), col(ClassSession.ends_at) <= scene.now),
        )
        .order_by(starts, col(Booking.member_id), col(Attendance.id))
    ).all()
    return [Moment(*row) for row in rows]
