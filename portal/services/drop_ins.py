"""Visits to a drop-in programme, each with an entry of a pass."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.bookings import AttendanceKind, Booking, BookingKind, BookingStatus
from portal.models.classes import Course, Programme, ProgrammeKind
from portal.models.people import Member
from portal.services import enrolment, passes, places
from portal.services.authority import provider_only
from portal.services.enrolment import Coming


class NotADropIn(PortalError):
    """This programme is booked for a term, not visit by visit."""

    message_key = "drop_ins.not_a_drop_in"


def visit(db: Session, actor: Actor, member_id: int, session_id: int, pass_id: int, now: datetime) -> Coming:
    """One visit with a pass: the place and the entry are taken together, or neither.

    All visits of a member to a course belong to one drop-in booking.
    """
    provider_only(actor)
    member, coming = enrolment.member_of(db, member_id), enrolment.coming_session(db, session_id, now)
    course = enrolment.course_of(db, enrolment.course_id_of(db, session_id))
    programme = db.get_one(Programme, course.programme_id)
    if programme.kind != ProgrammeKind.DROP_IN:
        raise NotADropIn(programme=programme.name)
    places.take(db, [session_id])
    booking = _booking(db, member, course, coming[2], now)
    made = enrolment.write_booking(db, actor, booking, AttendanceKind.DROP_IN, [coming], now).sessions[0]
    passes.use(db, pass_id, member_id, made.attendance_id, course.name, coming[2], now)
    return made


def _booking(db: Session, member: Member, course: Course, day: date, now: datetime) -> Booking:
    live = (
        col(Booking.member_id) == member.id,
        col(Booking.course_id) == course.id,
        col(Booking.kind) == BookingKind.DROP_IN,
        col(Booking.status) == BookingStatus.ACTIVE,
    )
    found = db.execute(select(Booking).where(*live)).scalar()
    if found is not None:
        return found
    return Booking(
        family_id=member.family_id,
        member_id=member.id or 0,
        course_id=course.id or 0,
        kind=BookingKind.DROP_IN,
        starts_on=day,
        ends_on=course.ends_on,
        created_at=now,
    )
