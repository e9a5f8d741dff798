"""The orders an actor may see, with their lines and what discounts took off each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from portal.models.commerce import Order, OrderItem, OrderStatus
from portal.models.discounts import OrderDiscount
from portal.services.scene import Scene
from portal.services.visibility import visible_orders


@dataclass(frozen=True)
class DiscountLine:
    """What a discount took off a line, in minor units."""

    label: str
    amount_minor: int


@dataclass(frozen=True)
class LineFact:
    """A line of an order; `total_minor` is before discounts."""

    label: str
    detail: str
    member_id: int | None
    quantity: int
    unit_minor: int
    total_minor: int
    discounts: tuple[DiscountLine, ...]


@dataclass(frozen=True)
class OrderFact:
    """What was bought. Amounts in minor units of `currency`; `ours`: not seen through a share."""

    id: int
    public_id: str
    number: str
    stands: bool
    ours: bool
    total_minor: int
    currency: str
    buyer_name: str
    buyer_address: str
    buyer_company_id: str
    buyer_vat_id: str
    price_receipt: str
    created_at: datetime
    lines: tuple[LineFact, ...]


def orders(db: Session, scene: Scene) -> list[OrderFact]:
    """One query: the newest first."""
    # A discount of the whole order is told under its first line.
    first = and_(col(OrderDiscount.order_item_id).is_(None), col(OrderItem.position) == 1)
    taken_off = or_(col(OrderDiscount.order_item_id) == col(OrderItem.id), first)
    rows = db.execute(
        select(Order, OrderItem, OrderDiscount)
        .join(OrderItem, col(OrderItem.order_id) == col(Order.id))
        .outerjoin(OrderDiscount, and_(col(OrderDiscount.order_id) == col(Order.id), taken_off))
        .where(visible_orders(scene.actor, scene.now))
        .order_by(
            col(Order.created_at).desc(), col(Order.id).desc(), col(OrderItem.position), col(OrderDiscount.id)
        )
    ).all()
    found: dict[int, tuple[Order, dict[int, tuple[OrderItem, list[DiscountLine]]]]] = {}
    for order, item, discount in rows:
        _, lines = found.setdefault(order.id, (order, {}))
        _, taken = lines.setdefault(item.id, (item, []))
        if discount is not None:
            taken.append(DiscountLine(discount.label, discount.amount_minor))
    return [_fact(order, lines.values(), scene) for order, lines in found.values()]


def _fact(order: Order, lines: Any, scene: Scene) -> OrderFact:
    return OrderFact(
        id=order.id or 0,
        public_id=order.public_id,
        number=order.number,
        stands=order.status == OrderStatus.STANDING,
        ours=order.family_id == scene.actor.family_id,
        total_minor=order.total_minor,
        currency=order.currency,
        buyer_name=order.buyer_name,
        buyer_address=order.buyer_address,
        buyer_company_id=order.buyer_company_id,
        buyer_vat_id=order.buyer_vat_id,
        price_receipt=order.price_receipt,
        created_at=order.created_at,
        lines=tuple(_line(item, tuple(taken)) for item, taken in lines),
    )


def _line(item: OrderItem, discounts: tuple[DiscountLine, ...]) -> LineFact:
    return LineFact(
        label=item.label,
        detail=item.detail,
        member_id=item.member_id,
        quantity=item.quantity,
        unit_minor=item.unit_minor,
        total_minor=item.total_minor,
        discounts=discounts,
    )
