"""Placing an order: its lines, what discounts take off, and the payments the rest is divided into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.commerce import (
    Discount,
    ItemKind,
    Order,
    OrderDiscount,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentStatus,
)
from portal.models.people import Family, Guardian
from portal.models.provider import ProviderSettings
from portal.rules.benefits import USABLE, discount_standing
from portal.rules.discounts import taken_off
from portal.rules.splits import evenly
from portal.services import documents, provider
from portal.services.authority import provider_only
from portal.words import listed

FIRST_NUMBER = 2001


class DiscountNotUsable(PortalError):
    """The discount is used, expired or not open yet."""

    message_key = "ordering.discount_not_usable"


class NothingToOrder(PortalError):
    """An order has at least one line and one due date."""

    message_key = "ordering.nothing_to_order"


@dataclass(frozen=True)
class NewItem:
    """A line: what, for whom, how many at which price in minor units, less these discounts in this order."""

    kind: ItemKind
    label: str
    unit_minor: int
    quantity: int = 1
    detail: str = ""
    member_id: int | None = None
    booking_id: int | None = None
    discount_ids: tuple[int, ...] = ()
    vat_basis_points: int = 0
    """Of the tax inside the price."""


@dataclass(frozen=True)
class DueDate:
    """When a payment is asked for, and the last day on which it is in time."""

    requested_on: date
    due_on: date


@dataclass(frozen=True)
class NewOrder:
    """What a family buys, and when it pays: one payment, or an instalment for each due date."""

    family_id: int
    items: Sequence[NewItem]
    due: Sequence[DueDate]
    guardian_id: int | None = None


@dataclass(frozen=True)
class Placed:
    """A new order."""

    order_id: int
    number: str
    item_ids: tuple[int, ...]
    payment_ids: tuple[int, ...]


def place(db: Session, actor: Actor, new: NewOrder, now: datetime) -> Placed:
    """The order with its payments, whose sum is the total: lines less discounts, no cent lost."""
    provider_only(actor)
    if not new.items or not new.due:
        raise NothingToOrder
    order = _order(db, new, now)
    db.add(order)
    db.flush()
    items = [_item(order, position, item) for position, item in enumerate(new.items, start=1)]
    db.add_all(items)
    db.flush()
    off = sum(_take_off(db, row, item, now) for row, item in zip(items, new.items, strict=True))
    order.total_minor = sum(row.total_minor for row in items) - off
    payments = _payments(order, new, now)
    db.add_all(payments)
    db.flush()
    db.add_all(_asked(payment, now) for payment in payments)
    db.flush()
    documents.on_ordered(db, order.id or 0, now)
    ids = tuple(row.id or 0 for row in items), tuple(payment.id or 0 for payment in payments)
    return Placed(order.id or 0, order.number, *ids)


def cancel(db: Session, actor: Actor, order_id: int, now: datetime) -> None:
    """The order no longer stands; what is unpaid in it is void, and its invoice is credited as much.

    Money received stays until it is refunded.
    """
    provider_only(actor)
    order = db.get(Order, order_id, with_for_update=True)
    if order is None:
        raise NotFound
    order.status = OrderStatus.CANCELLED
    unpaid = select(Payment).where(
        col(Payment.order_id) == order_id, col(Payment.status) == PaymentStatus.UNPAID
    )
    void_minor = 0
    for payment in db.execute(unpaid.with_for_update()).scalars().all():
        payment.status = PaymentStatus.VOID
        void_minor += max(0, payment.amount_minor - payment.received_minor)
    db.flush()
    documents.on_void(db, order_id, void_minor, now)


def _order(db: Session, new: NewOrder, now: datetime) -> Order:
    settings = provider.get(db)
    family, guardian = db.get_one(Family, new.family_id), db.get(Guardian, new.guardian_id or 0)
    return Order(
        number=_next_number(db, settings.order_prefix),
        family_id=new.family_id,
        guardian_id=new.guardian_id,
        total_minor=0,
        currency=settings.currency,
        buyer_name=family.billing_name or (guardian.full_name if guardian else family.name),
        buyer_address=family.billing_address,
        created_at=now,
    )


def _next_number(db: Session, prefix: str) -> str:
    """Numbers without gaps: the provider's row is the lock, the unique number the last guard."""
    db.execute(select(col(ProviderSettings.id)).with_for_update())
    newest = db.execute(select(col(Order.number)).order_by(col(Order.id).desc()).limit(1)).scalar()
    serial = int(newest.rpartition("-")[2]) + 1 if newest else FIRST_NUMBER
    return f"{prefix}-{serial}"


def _item(order: Order, position: int, item: NewItem) -> OrderItem:
    return OrderItem(
        family_id=order.family_id,
        order_id=order.id or 0,
        position=position,
        kind=item.kind,
        label=item.label,
        detail=item.detail,
        member_id=item.member_id,
        booking_id=item.booking_id,
        quantity=item.quantity,
        unit_minor=item.unit_minor,
        total_minor=item.quantity * item.unit_minor,
        vat_basis_points=item.vat_basis_points,
    )


def _take_off(db: Session, row: OrderItem, item: NewItem, now: datetime) -> int:
    """One discount after the other, each from what the ones before have left."""
    left = row.total_minor
    for discount_id in item.discount_ids:
        discount = _spend(db, discount_id, row.family_id, now)
        amount = taken_off(left, discount.percent_basis_points, discount.amount_minor)
        left -= amount
        db.add(
            OrderDiscount(
                family_id=row.family_id,
                order_id=row.order_id,
                order_item_id=row.id,
                discount_id=discount_id,
                label=discount.name,
                amount_minor=amount,
                created_at=now,
            )
        )
    return row.total_minor - left


def _spend(db: Session, discount_id: int, family_id: int, now: datetime) -> Discount:
    """Use a discount once; one that may be used so many times has one use less."""
    found = db.get(Discount, discount_id, with_for_update=True, populate_existing=True)
    today = now.astimezone(provider.zone(db)).date()
    if found is None or found.family_id != family_id:
        raise NotFound
    if discount_standing(found.valid_from, found.valid_until, found.uses_left, today) not in USABLE:
        raise DiscountNotUsable(name=found.name)
    if found.uses_left is not None:
        spent = update(Discount).where(col(Discount.id) == discount_id, col(Discount.uses_left) > 0)
        done = db.execute(spent.values(uses_left=Discount.uses_left - 1))  # type: ignore[operator]
        if cast("CursorResult[Any]", done).rowcount != 1:
            raise DiscountNotUsable(name=found.name)
    return found


def _payments(order: Order, new: NewOrder, now: datetime) -> list[Payment]:
    parts = evenly(order.total_minor, len(new.due))
    return [
        Payment(
            family_id=order.family_id,
            order_id=order.id or 0,
            reference=f"{order.number.replace('-', '')}-{position}",
            position=position,
            label=_label(new.items),
            member_id=_only(new.items),
            amount_minor=amount,
            currency=order.currency,
            # Nothing to pay is paid: nobody is asked for nothing.
            status=PaymentStatus.UNPAID if amount else PaymentStatus.PAID,
            paid_at=None if amount else now,
            requested_on=due.requested_on,
            due_on=due.due_on,
            created_at=now,
        )
        for position, (amount, due) in enumerate(zip(parts, new.due, strict=True), start=1)
    ]


def _only(items: Sequence[NewItem]) -> int | None:
    """The member of all lines, if it is one and the same."""
    members = {item.member_id for item in items}
    return members.pop() if len(members) == 1 else None


def _label(items: Sequence[NewItem]) -> str:
    """ "Open Swim pass and swim cap": the first line as it is, the others in the middle of a sentence."""
    names = list(dict.fromkeys(item.label for item in items))
    return listed([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _asked(payment: Payment, now: datetime) -> PaymentEvent:
    return PaymentEvent(
        family_id=payment.family_id,
        payment_id=payment.id or 0,
        kind=PaymentEventKind.ASKED,
        amount_minor=payment.amount_minor,
        at=now,
    )
