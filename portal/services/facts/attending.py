"""One booking at one session as the rules look at it: with the rows of a page, or alone for a click."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.actor import Actor, ActorKind
from portal.errors import NotFound
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpEntryKind, MakeUpStatus, Pass, PassEntry
from portal.models.benefits import PassEntryKind as Moved
from portal.models.bookings import (
    LIVE,
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    DecidedBy,
)
from portal.models.classes import ClassSession, Course, Programme, SessionStatus
from portal.models.people import Member
from portal.models.provider import ProviderSettings
from portal.rules.attending import Attending
from portal.rules.benefits import make_up_status
from portal.rules.cancellation import deadline, policy_of
from portal.rules.conditions import first_unmet
from portal.rules.make_ups import UNDONE
from portal.rules.passes import Visit, opens
from portal.services import provider
from portal.services.facts.make_up_targets import free_for_make_ups
from portal.services.passes import terms
from portal.services.scene import Scene
from portal.services.visibility import bookings_in_reach, may_act_on

gave, came_by, card = (
    aliased(MakeUp, name="gave"),
    aliased(MakeUp, name="came_by"),
    aliased(Pass, name="card"),
)


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and by whose calendar."""

    actor: Actor
    now: datetime
    provider: ProviderSettings
    zone: ZoneInfo
    days_off: Container[date]


@dataclass(frozen=True)
class Row:
    """What one attendance is joined with."""

    attendance: Attendance
    booking: Booking
    session: ClassSession
    programme: Programme
    gave: MakeUp | None
    came_by: MakeUp | None
    card: Pass | None
    may_act: bool


@dataclass(frozen=True)
class Found:
    """The row behind a click, locked until the transaction ends, and what the rules say of it."""

    row: Row
    member: str
    course: str
    attending: Attending


def asked(scene: Scene) -> Asked:
    """By whoever looks at a page."""
    return Asked(scene.actor, scene.now, scene.provider, scene.calendar.zone, scene.days_off)


def attending(asked: Asked, row: Row) -> Attending:
    """The row for the rules."""
    attendance, session = row.attendance, row.session
    policy = policy_of(asked.provider, row.programme)
    by_provider = asked.actor.kind is not ActorKind.GUARDIAN
    today = asked.now.astimezone(asked.zone).date()
    return Attending(
        kind=AttendanceKind(attendance.kind),
        status=AttendanceStatus(attendance.status),
        decided_by=DecidedBy(attendance.decided_by),
        decided_at=attendance.decided_at,
        starts_at=session.starts_at,
        called_off=session.status == SessionStatus.CANCELLED,
        booked=row.booking.status in LIVE or _comes_with_make_up(attendance),
        may_act=row.may_act,
        by_provider=by_provider,
        policy=policy,
        limit=deadline(policy, session.starts_at, asked.zone, asked.days_off),
        sign_back_up_hours=row.programme.sign_back_up_hours,
        places_free=_places_free(attendance, session),
        gave=_standing(row.gave, today),
        make_up_there=_make_up_there(row, today),
        entry_there=_entry_there(row, asked),
    )


def comes_with_make_up() -> ColumnElement[bool]:
    """A make-up outlives the booking it was earned with: what is booked with it is still to come."""
    make_up = col(Attendance.kind) == AttendanceKind.MAKE_UP
    return and_(make_up, col(Attendance.status) == AttendanceStatus.GOING)


def _comes_with_make_up(attendance: Attendance) -> bool:
    return attendance.kind == AttendanceKind.MAKE_UP and attendance.status == AttendanceStatus.GOING


def by_which_make_up() -> ColumnElement[bool]:
    """Joins `came_by`, also after that make-up was given back."""
    booked = (
        select(col(MakeUpEntry.make_up_id))
        .where(
            col(MakeUpEntry.attendance_id) == col(Attendance.id),
            col(MakeUpEntry.kind) == MakeUpEntryKind.BOOKED,
        )
        .order_by(col(MakeUpEntry.id).desc())
        .limit(1)
    )
    return col(came_by.id) == booked.correlate(Attendance).scalar_subquery()


def not_undone() -> ColumnElement[bool]:
    """A make-up's booking that was undone at once never was: nobody is to wonder about signing back up."""
    last = (
        select(col(MakeUpEntry.cause))
        .where(col(MakeUpEntry.attendance_id) == col(Attendance.id))
        .order_by(col(MakeUpEntry.id).desc())
        .limit(1)
        .correlate(Attendance)
        .scalar_subquery()
    )
    return or_(
        col(Attendance.kind) != AttendanceKind.MAKE_UP,
        col(Attendance.status) != AttendanceStatus.CANCELLED,
        last.is_distinct_from(UNDONE),
    )


def by_which_pass() -> ColumnElement[bool]:
    """Joins `card`, also after its entry was given back."""
    return col(card.id) == _pass_of_visit()


def locked(db: Session, actor: Actor, which: ColumnElement[bool], now: datetime) -> Found:
    """The attendance that a condition names, for this actor; NotFound when it is not theirs to see.

    The session is locked before its attendance, as by everybody who changes both, and then what is read is
    as it stays.
    """
    reach = select(col(Attendance.id), col(Attendance.session_id)).join(Booking)
    ids = db.execute(reach.where(which, bookings_in_reach(actor, now))).first()
    if ids is None:
        raise NotFound
    attendance_id, session_id = ids
    for table, key in ((ClassSession, session_id), (Attendance, attendance_id)):
        db.execute(select(col(table.id)).where(col(table.id) == key).with_for_update())
    db.execute(select(col(MakeUp.id)).where(col(MakeUp.earned_by_id) == attendance_id).with_for_update())
    found = db.execute(_query(actor, now, attendance_id).execution_options(populate_existing=True)).one()
    row, (member, course) = Row(*found[:8]), found[8:]
    terms = Asked(actor, now, provider.get(db), provider.zone(db), provider.days_off(db))
    return Found(row, member, course, attending(terms, row))


def _query(actor: Actor, now: datetime, attendance_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Attendance, Booking, ClassSession, Programme, gave, came_by, card, may_act_on(actor, now))
        .add_columns(col(Member.first_name), col(Course.name))
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(Member, col(Member.id) == col(Attendance.member_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .outerjoin(gave, col(gave.earned_by_id) == col(Attendance.id))
        .outerjoin(came_by, by_which_make_up())
        .outerjoin(card, by_which_pass())
        .where(col(Attendance.id) == attendance_id)
    )


def _pass_of_visit() -> ScalarSelect[int]:
    return (
        select(col(PassEntry.pass_id))
        .where(col(PassEntry.attendance_id) == col(Attendance.id), col(PassEntry.kind) == Moved.USED)
        .order_by(col(PassEntry.id).desc())
        .limit(1)
        .correlate(Attendance)
        .scalar_subquery()
    )


def _places_free(attendance: Attendance, session: ClassSession) -> int:
    """For this kind of guest: a make-up may also have one of the extra places."""
    if attendance.kind == AttendanceKind.MAKE_UP:
        return free_for_make_ups(session)
    return session.capacity - session.taken


def _standing(make_up: MakeUp | None, today: date) -> MakeUpStatus | None:
    return make_up_status(MakeUpStatus(make_up.status), make_up.book_by, today) if make_up else None


def _make_up_there(row: Row, today: date) -> bool:
    if row.attendance.kind != AttendanceKind.MAKE_UP or row.came_by is None:
        return row.attendance.kind != AttendanceKind.MAKE_UP
    held = row.came_by.booked_as_id == row.attendance.id
    return held or _standing(row.came_by, today) is MakeUpStatus.AVAILABLE


def _entry_there(row: Row, asked: Asked) -> bool:
    """An entry was given back only when the visit was cancelled in time."""
    attendance, returned = row.attendance, row.attendance.status == AttendanceStatus.CANCELLED
    if row.card is None or not returned:
        return True
    day = row.session.starts_at.astimezone(asked.zone).date()
    visit = Visit(attendance.member_id, row.programme.id or 0, day)
    of_pass = opens(terms(row.card, attendance.member_id), visit, shared=asked.provider.shared_passes)
    return first_unmet(of_pass) is None
