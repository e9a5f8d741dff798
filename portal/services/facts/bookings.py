"""Bookings with the course they are of, and the ticks of their term."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingKind,
    BookingStatus,
    OfferStatus,
    OpenReason,
    WaitingListEntry,
)
from portal.models.classes import ClassSession, Course, Place, SessionStatus, Term
from portal.models.people import FamilyGuardian, FamilyRole, Guardian
from portal.services.facts.kept_places import KeptPlace, kept, with_kept
from portal.services.scene import Scene
from portal.services.visibility import of_family, visible_bookings

ahead = aliased(WaitingListEntry)


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
    open_reason: OpenReason | None
    weekday: int
    starts_local: time
    ends_local: time
    starts_on: date
    ends_on: date
    place: str
    room: str
    online: bool
    term: str
    created_at: datetime
    cancelled_at: datetime | None
    place_in_line: int
    """On the waiting list, counted from 1 as it stands; 0 when not on it."""
    kept: KeptPlace | None
    """After the trial or from the line; only for the family itself."""
    holder: str
    """The account holder of its family, else who has been in it longest."""
    ticks: tuple[Tick, ...]


def bookings(db: Session, scene: Scene, *conditions: ColumnElement[bool]) -> list[BookingFact]:
    """Two queries, bookings and their ticks: what the actor may see, by member, drop-ins last, by start."""
    rows = db.execute(selected(scene, *conditions)).all()
    ids = select(col(Booking.id)).where(*_limits(scene), *conditions)
    found = _ticks(db, ids) if rows else {}
    facts = [fact(row, tuple(found.get(row.Booking.id, ()))) for row in rows]
    members = list(scene.members)
    return sorted(facts, key=lambda one: (members.index(one.member_id), one.kind is BookingKind.DROP_IN))


def selected(scene: Scene, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The query whose rows `fact` takes: bookings the actor may see, by member and start."""
    found = (
        select(Booking, Course, Place, WaitingListEntry)
        .add_columns(col(Term.name).label("term"), _rank().label("rank"), _holder().label("holder"))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .join(Place, col(Place.id) == col(Course.place_id))
        .outerjoin(Term, col(Term.id) == col(Course.term_id))
        .outerjoin(WaitingListEntry, col(WaitingListEntry.booking_id) == col(Booking.id))
        .where(*_limits(scene), *conditions)
        .order_by(col(Booking.member_id), col(Booking.starts_on), col(Booking.id))
    )
    return with_kept(found, of_family(Booking, scene.actor), scene.now)


def _limits(scene: Scene) -> tuple[ColumnElement[bool], ...]:
    return (visible_bookings(scene.actor, scene.now), col(Booking.member_id).in_(scene.members))


def _rank() -> ScalarSelect[int]:
    """How many wait for the course up to this one: the stored position is the order of joining."""
    return (
        select(func.count())
        .select_from(ahead)
        .where(
            col(ahead.course_id) == col(WaitingListEntry.course_id),
            col(ahead.position) <= col(WaitingListEntry.position),
            col(ahead.status).in_((OfferStatus.WAITING, OfferStatus.OFFERED)),
        )
        .correlate(WaitingListEntry)
        .scalar_subquery()
    )


def _holder() -> ScalarSelect[str]:
    return (
        select(col(Guardian.full_name))
        .join(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
        .where(col(FamilyGuardian.family_id) == col(Booking.family_id))
        .order_by(col(FamilyGuardian.role) != FamilyRole.HOLDER, col(FamilyGuardian.id))
        .limit(1)
        .correlate(Booking)
        .scalar_subquery()
    )


def _ticks(db: Session, booking_ids: Any) -> dict[int, list[Tick]]:
    """Make-ups are left out: they belong to the term of the session they replace."""
    rows = db.execute(
        select(
            col(Attendance.booking_id),
            col(ClassSession.starts_at),
            col(ClassSession.ends_at),
            col(Attendance.status),
            col(ClassSession.status),
        )
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .where(col(Attendance.booking_id).in_(booking_ids), col(Attendance.kind) != AttendanceKind.MAKE_UP)
        .order_by(col(ClassSession.starts_at))
    ).all()
    ticks: dict[int, list[Tick]] = defaultdict(list)
    for booking_id, starts_at, ends_at, status, session_status in rows:
        off = session_status == SessionStatus.CANCELLED
        ticks[booking_id].append(Tick(starts_at, ends_at, AttendanceStatus(status), off))
    return ticks


def fact(row: Row[Any], ticks: tuple[Tick, ...]) -> BookingFact:
    """A row of `selected` with the ticks of its term."""
    booking, course, line = row.Booking, row.Course, row.WaitingListEntry
    return BookingFact(
        id=booking.id,
        public_id=booking.public_id,
        member_id=booking.member_id,
        course_id=booking.course_id,
        programme_id=course.programme_id,
        title=course.name,
        kind=BookingKind(booking.kind),
        status=BookingStatus(booking.status),
        open_reason=OpenReason(booking.open_reason) if booking.open_reason else None,
        weekday=course.weekday,
        starts_local=course.starts_local,
        ends_local=course.ends_local,
        starts_on=booking.starts_on,
        ends_on=booking.ends_on,
        place=row.Place.name,
        room=course.room,
        online=row.Place.online,
        term=row.term or "",
        created_at=booking.created_at,
        cancelled_at=booking.cancelled_at,
        place_in_line=row.rank if line else 0,
        kept=kept(row),
        holder=row.holder or "",
        ticks=ticks,
    )
