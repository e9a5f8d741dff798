"""The payments an actor may see, with the order they are of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.commerce import (
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentStatus,
)
from portal.rules.payments import TO_PAY, PaymentState, state
from portal.services.scene import Scene
from portal.services.visibility import visible_orders


@dataclass(frozen=True)
class PaymentFact:
    """Money due or received. Amounts in minor units of `currency`; `open_minor` is what is still to come."""

    id: int
    public_id: str
    family_id: int
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
    credit_minor: int
    """Of what was received, what came from the family's credit."""
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
    def paid_minor(self) -> int:
        """Received as money, without credit; the credit if there was nothing else."""
        return self.received_minor - self.credit_minor or self.received_minor

    @property
    def to_pay(self) -> bool:
        """Waits for the guardian now: due or overdue."""
        return self.state in TO_PAY


def payments(db: Session, scene: Scene) -> list[PaymentFact]:
    """One query: by due date."""
    query = (
        select(Payment, Order, _of(), _detail(), _credit())
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(visible_orders(scene.actor, scene.now))
        .order_by(col(Payment.due_on), col(Payment.id))
    )
    rows = db.execute(query).all()
    return [
        payment_fact(payment, order, scene.today, of, detail=detail or "", credit_minor=credit)
        for payment, order, of, detail, credit in rows
    ]


def _of() -> ScalarSelect[Any]:
    """How many payments the order has."""
    same = aliased(Payment)
    count = select(func.count()).where(col(same.order_id) == col(Order.id))
    return count.correlate(Order).scalar_subquery()


def _detail() -> ScalarSelect[Any]:
    """What the order's line says; nothing when there are several."""
    lines = select(func.max(OrderItem.detail)).where(col(OrderItem.order_id) == col(Order.id))
    return lines.having(func.count() == 1).correlate(Order).scalar_subquery()


def _credit() -> ScalarSelect[Any]:
    """How much of a payment was met from credit."""
    used = select(func.coalesce(func.sum(col(PaymentEvent.amount_minor)), 0)).where(
        col(PaymentEvent.payment_id) == col(Payment.id),
        col(PaymentEvent.kind) == PaymentEventKind.CREDIT_USED,
    )
    return used.correlate(Payment).scalar_subquery()


def payment_fact(
    payment: Payment, order: Order, today: date, of: int, *, detail: str = "", credit_minor: int = 0
) -> PaymentFact:
    """A payment of its order; `of` is how many the order has."""
    stands = order.status == OrderStatus.STANDING
    status = PaymentStatus.VOID if payment.status == PaymentStatus.UNPAID and not stands else payment.status
    still_open = max(0, payment.amount_minor - payment.received_minor)
    return PaymentFact(
        id=payment.id or 0,
        public_id=payment.public_id,
        family_id=payment.family_id,
        order_id=payment.order_id,
        order=order.public_id,
        order_number=order.number,
        order_stands=stands,
        reference=payment.reference,
        position=payment.position,
        of=of,
        label=payment.label,
        detail=detail,
        member_id=payment.member_id,
        amount_minor=payment.amount_minor,
        received_minor=payment.received_minor,
        refunded_minor=payment.refunded_minor,
        credit_minor=credit_minor,
        currency=payment.currency,
        state=state(status, still_open, payment.requested_on, payment.due_on, today),
        method=payment.method,
        requested_on=payment.requested_on,
        due_on=payment.due_on,
        announced_on=payment.announced_on,
        paid_at=payment.paid_at,
        created_at=payment.created_at,
    )
