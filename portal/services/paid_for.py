"""What opens with the money for it: a pass when its order is paid, a booking with the first payment."""

from sqlalchemy import Select, select
from sqlmodel import Session, col

from portal.models.benefits import Pass
from portal.models.bookings import Booking, BookingStatus, OpenReason
from portal.models.commerce import OrderItem, Payment, PaymentStatus


def open_what_is_paid(db: Session, order_id: int) -> None:
    """For other services, whenever a payment of the order has changed."""
    db.flush()
    payments = db.execute(
        select(col(Payment.status)).where(col(Payment.order_id) == order_id).order_by(col(Payment.position))
    )
    states = payments.scalars().all()
    if states[0] == PaymentStatus.PAID:
        for booking in db.execute(_waiting(order_id)).scalars().all():
            booking.status, booking.open_reason = BookingStatus.ACTIVE, ""
    if all(state == PaymentStatus.PAID for state in states):
        for bought in db.execute(_passes(order_id, paid=False)).scalars().all():
            bought.paid = True
    db.flush()


def close_what_is_not(db: Session, order_id: int) -> None:
    """A pass whose money turned out not to be for it opens nothing until it is paid. For other services."""
    for bought in db.execute(_passes(order_id, paid=True)).scalars().all():
        bought.paid = False
    db.flush()


def _waiting(order_id: int) -> Select[Booking]:
    lines = select(col(OrderItem.booking_id)).where(col(OrderItem.order_id) == order_id)
    waits = (col(Booking.id).in_(lines), col(Booking.open_reason) == OpenReason.PAYMENT)
    return select(Booking).where(*waits).order_by(col(Booking.id)).with_for_update()


def _passes(order_id: int, *, paid: bool) -> Select[Pass]:
    lines = select(col(OrderItem.id)).where(col(OrderItem.order_id) == order_id)
    those = (col(Pass.order_item_id).in_(lines), col(Pass.paid).is_(paid))
    return select(Pass).where(*those).order_by(col(Pass.id)).with_for_update()
