"""The line for a full course."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.bookings import Booking, BookingStatus, OpenReason, WaitingListEntry
from portal.models.classes import Course
from portal.services import enrolment
from portal.services.authority import provider_only
from portal.services.storing import store


def join(db: Session, actor: Actor, member_id: int, course_id: int, now: datetime) -> int:
    """An open booking without places, last in the course's line; its id."""
    provider_only(actor)
    member = enrolment.member_of(db, member_id)
    enrolment.refuse_second(db, member_id, course_id)
    course = db.get_one(Course, course_id, with_for_update=True)
    booking = Booking(
        family_id=member.family_id,
        member_id=member_id,
        course_id=course_id,
        status=BookingStatus.OPEN,
        open_reason=OpenReason.WAITING_LIST,
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        created_at=now,
    )
    booking_id = store(db, booking)
    last = db.execute(
        select(func.max(WaitingListEntry.position)).where(col(WaitingListEntry.course_id) == course_id)
    ).scalar()
    db.add(
        WaitingListEntry(
            family_id=member.family_id,
            booking_id=booking_id,
            course_id=course_id,
            position=(last or 0) + 1,
            joined_at=now,
        )
    )
    db.flush()
    return booking_id
