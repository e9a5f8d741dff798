"""The family's payments with the order they are of."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.models.commerce import Order, OrderStatus, Payment
from portal.rules.payments import PaymentState, state
from portal.services.scene import Scene
from portal.services.visibility import of_family


@dataclass(frozen=True)
class PaymentFact:
    """Money due or received. Amounts in minor units of `currency`; `open_minor` is what is still to come."""

    id: int
    public_id: str
    order_id: int
    order: str
    order_number: str
    reference: str
    position: int
    of: int
    label: str
    member_id: int | None
    amount_minor: int
    open_minor: int
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
    def to_pay(self) -> bool:
        """Waits for the guardian now: due or overdue."""
        return self.state in (PaymentState.DUE, PaymentState.OVERDUE)


def payments(db: Session, scene: Scene, order_id: int | None = None) -> list[PaymentFact]:
    """One query: by due date, of orders that stand."""
    of = select(func.count()).where(Payment.order_id == Order.id).correlate(Order).scalar_subquery()
    query = (
        select(Payment, Order.public_id, Order.number, of)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(of_family(Payment, scene.actor), Order.status == OrderStatus.STANDING)
        .order_by(col(Payment.due_on), col(Payment.id))
    )
    if order_id is not None:
        query = query.where(Payment.order_id == order_id)
    return [_fact(*row, today=scene.today) for row in db.execute(query).all()]


def _fact(row: Payment, order: str, number: str, of: int, *, today: date) -> PaymentFact:
    assert row.id is not None
    return PaymentFact(
        id=row.id,
        public_id=row.public_id,
        order_id=row.order_id,
        order=order,
        order_number=number,
        reference=row.reference,
        position=row.position,
        of=of,
        label=row.label,
        member_id=row.member_id,
        amount_minor=row.amount_minor,
        open_minor=max(0, row.amount_minor - row.received_minor),
        refunded_minor=row.refunded_minor,
        currency=row.currency,
        state=state(row.status, row.requested_on, row.due_on, today),
        method=row.method,
        requested_on=row.requested_on,
        due_on=row.due_on,
        announced_on=row.announced_on,
        paid_at=row.paid_at,
        created_at=row.created_at,
    )
