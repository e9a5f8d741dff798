"""Visits to a drop-in programme: the place and what pays for it are taken together, or neither."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import Pass
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingKind,
    BookingStatus,
)
from portal.models.classes import ClassSession, Course, PassRule, Programme, ProgrammeKind, SessionStatus
from portal.models.people import Member
from portal.rows.visits import VisitSheet
from portal.rules.ages import Ages
from portal.rules.conditions import refuse_unless_all
from portal.rules.passes import OpenSession, Visit, Visitor, can_be_billed, can_visit
from portal.rules.pricing import Shown
from portal.services import enrolment, passes, places, provider, session_notes, visit_bills
from portal.services.authority import decided_by, provider_only
from portal.services.enrolment import Coming
from portal.services.family_orders import AS_IT_IS
from portal.services.scene import set_scene
from portal.services.turns import take_turns
from portal.services.visibility import of_family
from portal.words import counted

BILLED = "billed"
"""In the place of a pass: the visit is billed at the programme's price."""


class _Offered(NamedTuple):
    """A session with the course and the programme it is of."""

    session: ClassSession
    course: Course
    programme: Programme
    day: date


def visit(db: Session, actor: Actor, member_id: int, session_id: int, pass_id: int, now: datetime) -> Coming:
    """One visit with a pass, entered by the provider."""
    provider_only(actor)
    offered = _offered(db, col(ClassSession.id) == session_id)
    return _come(db, actor, enrolment.member_of(db, member_id), offered, pass_id, now)


def book(db: Session, actor: Actor, seen: VisitSheet, now: datetime) -> str:
    """A family's visit, paid by the pass that the sheet shows, or for its price and never for more; told in words."""
    who = db.execute(
        select(Member).where(
            col(Member.public_id) == seen.member, of_family(Member, actor), col(Member.erased_at).is_(None)
        )
    ).scalar()
    if who is None:
        raise NotFound
    offered = _offered(db, col(ClassSession.public_id) == seen.session)
    pass_id = None if seen.by == BILLED else _pass_id(db, actor, seen.by)
    coming = _come(db, actor, who, offered, pass_id, now, Shown(seen.price_minor))
    session_notes.tell_booked(db, coming.attendance_id, now)
    return _words(db, actor, who, offered, pass_id, now)


def open_session(session: ClassSession, programme: Programme, day: date) -> OpenSession:
    """A session as its policy sees it; `day` is the provider's."""
    return OpenSession(
        drop_in=programme.kind == ProgrammeKind.DROP_IN,
        scheduled=session.status == SessionStatus.SCHEDULED,
        starts_at=session.starts_at,
        free_places=session.capacity - session.taken,
        day=day,
        ages=Ages(programme.min_age_months, programme.max_age_months),
    )


def _come(
    db: Session,
    actor: Actor,
    member: Member,
    offered: _Offered,
    pass_id: int | None,
    now: datetime,
    shown: Shown | None = None,
) -> Coming:
    """All visits of a member to a course belong to one drop-in booking."""
    member_id, session_id = member.id or 0, offered.session.id or 0
    take_turns(db, f"visits of {member_id}")
    going = _attendance(db, member_id, session_id)
    there = going is not None and going.status == AttendanceStatus.GOING
    is_open = open_session(offered.session, offered.programme, offered.day)
    refuse_unless_all(can_visit(is_open, Visitor(member.first_name, member.birth_date, there), now))
    if pass_id is None:
        billed = offered.programme.pass_rule == PassRule.BILLED
        refuse_unless_all(can_be_billed(offered.programme.unit_price_minor, billed=billed))
    places.take(db, [session_id])
    made = _attend(db, actor, _booking(db, member, offered, now), offered, now)
    if pass_id is not None:
        whose = Visit(member_id, offered.programme.id or 0, offered.day)
        passes.use(db, pass_id, whose, made.id, offered.course.name, now)
    else:
        _bill(db, actor, made, offered, now, shown)
    return Coming(made.id or 0, session_id, offered.session.starts_at, offered.day)


def _bill(
    db: Session, actor: Actor, made: Attendance, offered: _Offered, now: datetime, shown: Shown | None
) -> None:
    what, price = f"Visit on {offered.day:%-d %B}", offered.programme.unit_price_minor or 0
    line = visit_bills.item(made, offered.course.name, what, price)
    visit_bills.bill(db, actor, made, line, now, replace(AS_IT_IS, shown=shown))


def _attend(db: Session, actor: Actor, booking: Booking, offered: _Offered, now: datetime) -> Attendance:
    """A new visit, or the one of this booking that was cancelled, made again."""
    before = _attendance(db, booking.member_id, offered.session.id or 0)
    if before is not None and before.booking_id == booking.id:
        before.status, before.note = AttendanceStatus.GOING, ""
        before.decided_by, before.decided_at = decided_by(actor), now
        db.flush()
        return before
    slot = (offered.session.id or 0, offered.session.starts_at, offered.day)
    booked = enrolment.write_booking(db, actor, booking, AttendanceKind.DROP_IN, [slot], now)
    return db.get_one(Attendance, booked.sessions[0].attendance_id)


def _attendance(db: Session, member_id: int, session_id: int) -> Attendance | None:
    """The newest: before it there may be one of a booking that has ended."""
    of = (col(Attendance.member_id) == member_id, col(Attendance.session_id) == session_id)
    newest = select(Attendance).where(*of).order_by(col(Attendance.id).desc()).limit(1)
    return db.execute(newest.with_for_update()).scalar()


def _offered(db: Session, which: object) -> _Offered:
    """Locked, before any attendance at it, as by everybody who changes both."""
    found = db.execute(
        select(ClassSession, Course, Programme)
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .where(which)  # type: ignore[arg-type]
        .with_for_update(of=ClassSession)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    session, course, programme = found
    return _Offered(session, course, programme, session.starts_at.astimezone(provider.zone(db)).date())


def _pass_id(db: Session, actor: Actor, public_id: str) -> int:
    theirs = select(col(Pass.id)).where(col(Pass.public_id) == public_id, of_family(Pass, actor))
    found = db.execute(theirs).scalar()
    if found is None:
        raise NotFound
    return int(found)


def _booking(db: Session, member: Member, offered: _Offered, now: datetime) -> Booking:
    live = (
        col(Booking.member_id) == member.id,
        col(Booking.course_id) == offered.course.id,
        col(Booking.kind) == BookingKind.DROP_IN,
        col(Booking.status) == BookingStatus.ACTIVE,
    )
    found = db.execute(select(Booking).where(*live)).scalar()
    if found is not None:
        return found
    return Booking(
        family_id=member.family_id,
        member_id=member.id or 0,
        course_id=offered.course.id or 0,
        kind=BookingKind.DROP_IN,
        starts_on=offered.day,
        ends_on=offered.course.ends_on,
        created_at=now,
    )


def _words(
    db: Session, actor: Actor, who: Member, offered: _Offered, pass_id: int | None, now: datetime
) -> str:
    """ "Mila comes to Open Swim on Sat 14 March, 11:00. 5 entries are left."."""
    scene = set_scene(db, actor, now)
    day, at = (
        scene.calendar.short_date(offered.day, scene.today),
        scene.calendar.time(offered.session.starts_at),
    )
    coming = f"{who.first_name} comes to {offered.course.name} on {day}, {at}."
    if pass_id is None:
        return f"{coming} You find what to pay under Payments."
    left = db.execute(select(col(Pass.entries_left)).where(col(Pass.id) == pass_id)).scalar()
    return coming if left is None else f"{coming} {counted(left, 'entry is', 'entries are')} left."
