"""What follows a trial, and what comes before one: offers and enquiries."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking, Enquiry, TrialOffer
from portal.services import enrolment, provider
from portal.services.authority import for_family, provider_only
from portal.services.storing import store


class TrialNotAttended(PortalError):
    """An offer follows a trial that was attended."""

    message_key = "trials.not_attended"


def offer(
    db: Session,
    actor: Actor,
    booking_id: int,
    course_id: int,
    price_minor: int,
    expires_at: datetime,
    now: datetime,
) -> int:
    """A place in a course at a price until an instant, after the trial was attended; the offer's id."""
    provider_only(actor)
    booking = db.get_one(Booking, booking_id)
    tried = (
        col(Attendance.booking_id) == booking_id,
        col(Attendance.kind) == AttendanceKind.TRIAL,
        col(Attendance.status) == AttendanceStatus.ATTENDED,
    )
    if not db.execute(select(col(Attendance.id)).where(*tried)).first():
        raise TrialNotAttended
    made = TrialOffer(
        family_id=booking.family_id,
        booking_id=booking_id,
        course_id=enrolment.course_of(db, course_id).id or 0,
        price_minor=price_minor,
        currency=provider.get(db).currency,
        expires_at=expires_at,
        created_at=now,
    )
    return store(db, made)


def enquire(
    db: Session,
    actor: Actor,
    family_id: int,
    programme_id: int,
    text: str,
    now: datetime,
    member_id: int | None = None,
) -> int:
    """A family's question about a programme; its id."""
    for_family(actor, family_id)
    enquiry = Enquiry(
        family_id=family_id,
        guardian_id=actor.guardian_id,
        member_id=member_id,
        programme_id=programme_id,
        text=text.strip(),
        created_at=now,
    )
    return store(db, enquiry)
