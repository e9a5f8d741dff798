"""Visits that no pass pays for: billed at the programme's price, and taken back when cancelled in time."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from portal.actor import SYSTEM, Actor
from portal.models.benefits import VisitBill
from portal.models.bookings import Attendance
from portal.models.commerce import ItemKind, Order, OrderItem, OrderStatus, Payment
from portal.services import family_orders, ordering, payments_received, payments_returned
from portal.services.family_orders import AS_IT_IS, Terms
from portal.services.new_orders import NewItem


def item(visit: Attendance, label: str, detail: str, price_minor: int) -> NewItem:
    """The line of one visit's order."""
    return NewItem(
        ItemKind.BOOKING,
        label,
        price_minor,
        detail=detail,
        member_id=visit.member_id,
        booking_id=visit.booking_id,
    )


def bill(
    db: Session, actor: Actor, visit: Attendance, line: NewItem, now: datetime, terms: Terms = AS_IT_IS
) -> None:
    """An order for one visit."""
    placed = family_orders.order(db, actor, visit.family_id, line, now, terms)
    if placed is not None:
        db.add(VisitBill(family_id=visit.family_id, attendance_id=visit.id or 0, order_id=placed.order_id))
        db.flush()


def stands(db: Session, attendance_id: int) -> bool:
    """The visit is billed."""
    return db.execute(_standing(attendance_id)).first() is not None


def take_back(db: Session, attendance_id: int, cause: str, now: datetime) -> None:
    """What was not paid need not be; what was paid is the family's credit. Nothing for a visit without a bill."""
    for found in db.execute(_standing(attendance_id)).scalars().all():
        for payment_id in db.execute(_payments(found)).scalars().all():
            payment = payments_received.locked(db, payment_id or 0)
            # What a gateway has been asked to give back is on its way to the family already.
            paid = payments_returned.left_minor(db, payment)
            if paid > 0:
                words = f"{payment.label}, cancelled in time"
                payments_returned.refund_to_credit(db, SYSTEM, payment.id or 0, paid, words, now)
        ordering.cancel(db, SYSTEM, found.id or 0, now, cause)


def renew(db: Session, actor: Actor, visit: Attendance, now: datetime) -> None:
    """A visit whose bill was taken back is made after all: it is billed again. Nothing for any other visit."""
    last = (
        select(OrderItem, Order)
        .join(Order, col(Order.id) == col(OrderItem.order_id))
        .join(VisitBill, col(VisitBill.order_id) == col(Order.id))
        .where(col(VisitBill.attendance_id) == visit.id)
        .order_by(col(VisitBill.id).desc())
        .limit(1)
    )
    found = db.execute(last).one_or_none()
    if found is not None and found[1].status == OrderStatus.CANCELLED:
        again = found[0]
        bill(db, actor, visit, item(visit, again.label, again.detail, again.unit_minor), now)


def _standing(attendance_id: int) -> Select[Order]:
    return (
        select(Order)
        .join(VisitBill, col(VisitBill.order_id) == col(Order.id))
        .where(col(VisitBill.attendance_id) == attendance_id, col(Order.status) == OrderStatus.STANDING)
    )


def _payments(order: Order) -> Select[int | None]:
    return select(col(Payment.id)).where(col(Payment.order_id) == order.id).order_by(col(Payment.id))
