"""The payments an actor may see, with the order they are of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from portal.models.commerce import Order, OrderItem, OrderStatus, Payment, PaymentStatus
from portal.rules.payments import TO_PAY, PaymentState, state
from portal.services.scene import Scene
from portal.services.visibility import visible_orders


@dataclass(frozen=True)
class PaymentFact:
    """Money due or received. Amounts in minor units of `currency`; `open_minor` is what is still to come."""

    id: int
    public_id: str
    order_id: int
    order: str
    order_number: str
    order_stands: bool
    reference: str
    position: int
    of: int
    label: str
    detail: str
    """More about what it is for, when the order has only one line: "spring sessions"."""
    member_id: int | None
    amount_minor: int
    received_minor: int
    refunded_minor: int
    currency: str
    state: PaymentState
    method: str
    requested_on: date
    due_on: date
    announced_on: date | None
    paid_at: datetime | None
    created_at: datetime

    @property
    def open_minor(self) -> int:
        """Still to come."""
        return max(0, self.amount_minor - self.received_minor)

    @property
    def to_pay(self) -> bool:
        """Waits for the guardian now: due or overdue."""
        return self.state in TO_PAY


def payments(db: Session, scene: Scene, order_id: int | None = None) -> list[PaymentFact]:
    """One query: by due date."""
    of = select(func.count()).where(col(Payment.order_id) == col(Order.id)).correlate(Order).scalar_subquery()
    lines = select(OrderItem).where(col(OrderItem.order_id) == col(Order.id)).correlate(Order)
    count = lines.with_only_columns(func.count()).scalar_subquery()
    detail = lines.with_only_columns(func.max(OrderItem.detail)).scalar_subquery()
    query = (
        select(Payment, col(Order.public_id), col(Order.number), col(Order.status), of, count, detail)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(visible_orders(scene.actor, scene.now))
        .order_by(col(Payment.due_on), col(Payment.id))
    )
    if order_id is not None:
        query = query.where(col(Payment.order_id) == order_id)
    return [payment_fact(row, scene.today) for row in db.execute(query).all()]


def waiting(scene: Scene) -> ColumnElement[bool]:
    """The same as `to_pay`, for counting payments joined with their orders."""
    return and_(
        visible_orders(scene.actor, scene.now),
        col(Order.status) == OrderStatus.STANDING,
        col(Payment.status) == PaymentStatus.UNPAID,
        col(Payment.received_minor) < col(Payment.amount_minor),
        col(Payment.requested_on) <= scene.today,
    )


def payment_fact(row: Any, today: date) -> PaymentFact:
    """A payment, its order's public id, number, status, count of payments and of lines, their detail."""
    payment, order, number, order_status, of, lines, detail = row
    stands = order_status == OrderStatus.STANDING
    status = PaymentStatus.VOID if payment.status == PaymentStatus.UNPAID and not stands else payment.status
    still_open = max(0, payment.amount_minor - payment.received_minor)
    return PaymentFact(
        id=payment.id,
        public_id=payment.public_id,
        order_id=payment.order_id,
        order=order,
        order_number=number,
        order_stands=stands,
        reference=payment.reference,
        position=payment.position,
        of=of,
        label=payment.label,
        detail=detail if lines == 1 else "",
        member_id=payment.member_id,
        amount_minor=payment.amount_minor,
        received_minor=payment.received_minor,
        refunded_minor=payment.refunded_minor,
        currency=payment.currency,
        state=state(status, still_open, payment.requested_on, payment.due_on, today),
        method=payment.method,
        requested_on=payment.requested_on,
        due_on=payment.due_on,
        announced_on=payment.announced_on,
        paid_at=payment.paid_at,
        created_at=payment.created_at,
    )
