"""Bookings whose time is over: attended to the end, or open until a course that is over without them."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.bookings import Booking, BookingStatus, OfferStatus, OpenReason, TrialOffer
from portal.models.classes import Course
from portal.services import provider, waiting_list
from portal.services.authority import provider_only


def complete_ended(db: Session, actor: Actor, now: datetime) -> int:
    """Bookings whose last day is past are completed, and lines for courses that are over are closed; how many.

    An open one ends with its course: until then a trial may be followed by an offer, and a payment may come.
    """
    provider_only(actor)
    today = provider.today(db, now)
    over = _with_course().where(or_(_ended(today), _never_began(today)))
    ended = db.execute(over.order_by(col(Booking.id)).with_for_update(of=Booking)).scalars().all()
    for booking in ended:
        booking.status, booking.open_reason = BookingStatus.COMPLETED, ""
    db.flush()
    return len(ended) + waiting_list.close(db, now)


def _with_course() -> Select[Booking]:
    return select(Booking).join(Course, col(Course.id) == col(Booking.course_id))


def _ended(today: date) -> ColumnElement[bool]:
    return and_(col(Booking.status) == BookingStatus.ACTIVE, col(Booking.ends_on) < today)


def _never_began(today: date) -> ColumnElement[bool]:
    """Open for another reason than a line, and not waiting for an answer to an offer."""
    offered = select(col(TrialOffer.booking_id)).where(col(TrialOffer.status) == OfferStatus.OFFERED)
    return and_(
        col(Booking.status) == BookingStatus.OPEN,
        col(Booking.open_reason) != OpenReason.WAITING_LIST,
        col(Course.ends_on) < today,
        col(Booking.id).not_in(offered),
    )
