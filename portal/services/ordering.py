"""Placing an order: its lines, what discounts take off, and the payments the rest is divided into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.commerce import (
    ItemKind,
    Order,
    OrderStatus,
    Payment,
    PaymentEventKind,
    PaymentStatus,
)
from portal.rules.conditions import refuse_unless_all
from portal.rules.pricing import Line, Offer, Receipt, not_dearer, price
from portal.services import documents, paid_for, payment_events, price_offers, provider
from portal.services.authority import provider_only
from portal.services.new_orders import NewItem, NewOrder, item_of, order_of, payments_of


class NothingToOrder(PortalError):
    """An order has at least one line and one due date."""

    message_key = "ordering.nothing_to_order"


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
    receipt = quote(db, new, now)
    price_offers.refuse_named(receipt)
    refuse_unless_all(not_dearer(receipt, new.shown) if new.shown else ())
    order = order_of(db, new, now)
    order.total_minor, order.price_receipt = receipt.total_minor, price_offers.to_json(receipt)
    price_offers.spend(db, receipt)
    db.add(order)
    db.flush()
    items = [
        item_of(order, position, item, line.unit_minor)
        for position, (item, line) in enumerate(zip(new.items, receipt.lines, strict=True), start=1)
    ]
    db.add_all(items)
    db.flush()
    price_offers.write(db, order, [row.id for row in items], receipt, now)
    payments = _ask_for(db, order, new, now)
    documents.on_ordered(db, order.id or 0, now)
    ids = tuple(row.id or 0 for row in items), tuple(payment.id or 0 for payment in payments)
    return Placed(order.id or 0, order.number, *ids)


def _ask_for(db: Session, order: Order, new: NewOrder, now: datetime) -> list[Payment]:
    """Its payments, each with the first row of its history."""
    payments = payments_of(order, new, now)
    db.add_all(payments)
    db.flush()
    for one in payments:
        payment_events.write(db, one, PaymentEventKind.ASKED, one.amount_minor, "", now)
    if not order.total_minor:
        # Nobody pays for what costs nothing: what would open with the money opens now.
        paid_for.open_what_is_paid(db, order.id or 0)
    return payments


def quote(db: Session, new: NewOrder, now: datetime) -> Receipt:
    """What it would cost and why (docs/pricing.md); nothing is used up. For other services."""
    return quotes(db, [new], now)[0]


def quotes(db: Session, several: Sequence[NewOrder], now: datetime) -> list[Receipt]:
    """The same for several orders of one family, each as if it were placed alone; they cost no more queries."""
    known = price_offers.NOTHING
    if any(new.automatic for new in several):
        known = price_offers.by_itself(db, several[0].family_id, now)
    return [_quote(db, new, known if new.automatic else price_offers.NOTHING, now) for new in several]


def cancel(db: Session, actor: Actor, order_id: int, now: datetime, words: str = "") -> None:
    """The order no longer stands; what is unpaid in it is void, its history says so and why; its invoice is credited.

    Money received stays until it is refunded; what is on its way becomes credit when it comes.
    """
    provider_only(actor)
    order = db.get(Order, order_id, with_for_update=True)
    if order is None:
        raise NotFound
    order.status = OrderStatus.CANCELLED
    unpaid = select(Payment).where(
        col(Payment.order_id) == order_id,
        col(Payment.status).in_((PaymentStatus.UNPAID, PaymentStatus.PROCESSING)),
    )
    void_minor = 0
    locked = unpaid.order_by(col(Payment.id)).with_for_update().execution_options(populate_existing=True)
    for payment in db.execute(locked).scalars().all():
        payment.status = PaymentStatus.VOID
        open_minor = max(0, payment.amount_minor - payment.received_minor)
        payment_events.write(db, payment, PaymentEventKind.VOIDED, open_minor, "", now, note=words)
        void_minor += open_minor
    db.flush()
    documents.on_void(db, order_id, void_minor, now)


def _quote(db: Session, new: NewOrder, known: price_offers.ByItself, now: datetime) -> Receipt:
    own = price_offers.named(db, new.family_id, (one for item in new.items for one in item.discount_ids))
    enrolled = known.enrolled(without={item.booking_id for item in new.items})
    lines = []
    for item in new.items:
        offers = (*known.offers_to(item.member_id), *(own[one] for one in item.discount_ids))
        lines.append(
            _line(item, offers, bool(enrolled - {item.member_id}), item.member_id in known.returning)
        )
        if item.kind is ItemKind.BOOKING and item.member_id:
            enrolled.add(item.member_id)
    today = provider.today(db, now)
    codes = price_offers.vouchers(db, new.voucher_codes)
    return price(lines, codes, provider.get(db).currency, today)


def _line(item: NewItem, offers: tuple[Offer, ...], sibling: bool, returning: bool) -> Line:
    left, whole = item.sessions
    return Line(
        item.unit_minor,
        item.quantity,
        item.member_id,
        is_class=item.kind is ItemKind.BOOKING,
        is_credit=item.kind is ItemKind.CREDIT,
        sessions_left=left,
        sessions_all=whole,
        sibling=sibling,
        returning=returning,
        # Named as well as coming by itself, it comes off once.
        offers=tuple({offer.id: offer for offer in offers}.values()),
    )
