"""A booking that ends before its term: its places are free again, and go to the line."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.bookings import LIVE, Attendance, AttendanceKind, AttendanceStatus, Booking, BookingStatus
from portal.models.classes import ClassSession
from portal.services import attendance, holds, make_up_booking, make_up_waits, places, waiting_list
from portal.services.authority import decided_by, provider_only


class NotLive(PortalError):
    """The booking is completed or cancelled already."""

    message_key = "withdrawals.not_live"


def withdraw(db: Session, actor: Actor, booking_id: int, note: str, now: datetime) -> None:
    """The booking is cancelled: what is to come is, too, entries and make-ups booked with it come back."""
    provider_only(actor)
    booking = db.get_one(Booking, booking_id)
    holds.lock_course(db, booking.course_id)
    db.refresh(booking, with_for_update=True)
    if booking.status not in LIVE:
        raise NotLive
    for coming in _to_come(db, booking_id, now):
        _give_up(db, actor, coming, now)
    waiting_list.withdraw(db, booking_id)
    booking.status, booking.open_reason = BookingStatus.CANCELLED, ""
    booking.cancelled_at, booking.cancel_note = now, note
    db.flush()
    waiting_list.offer_places(db, booking.course_id, now)
    make_up_waits.offer(db, now)


def _to_come(db: Session, booking_id: int, now: datetime) -> list[Attendance]:
    """Locked, each session before its attendance, as by everybody who changes both."""
    of = (col(Attendance.booking_id) == booking_id, col(Attendance.status) == AttendanceStatus.GOING)
    sessions = (
        select(col(ClassSession.id))
        .where(
            col(ClassSession.id).in_(select(col(Attendance.session_id)).where(*of)),
            col(ClassSession.starts_at) > now,
        )
        .order_by(col(ClassSession.id))
    )
    ids = db.execute(sessions.with_for_update()).scalars().all()
    query = select(Attendance).where(*of, col(Attendance.session_id).in_(ids))
    locked = query.order_by(col(Attendance.session_id)).with_for_update()
    return list(db.execute(locked.execution_options(populate_existing=True)).scalars().all())


def _give_up(db: Session, actor: Actor, coming: Attendance, now: datetime) -> None:
    coming.status = AttendanceStatus.CANCELLED
    coming.decided_by, coming.decided_at = decided_by(actor), now
    db.flush()
    if coming.kind == AttendanceKind.MAKE_UP:
        places.give_back_make_up(db, coming.session_id)
        make_up_booking.give_up(db, coming.id or 0, now, late=False)
        return
    places.give_back(db, [coming.session_id])
    attendance.return_payment(db, coming, "The booking ended", now)
