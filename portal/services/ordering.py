"""Placing an order: its lines, what discounts take off, and the payments the rest is divided into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.commerce import (
    ItemKind,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentStatus,
)
from portal.models.people import Family, Guardian
from portal.models.provider import ProviderSettings
from portal.rules.conditions import refuse_unless_all
from portal.rules.instalments import parts
from portal.rules.pricing import Line, Offer, Receipt, Shown, not_dearer, price
from portal.services import documents, price_offers, provider
from portal.services.authority import provider_only
from portal.words import listed

FIRST_NUMBER = 2001


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
    sessions: tuple[int, int] = (1, 1)
    """Of a course joined late: how many are still to come, of how many; the price is for all."""


@dataclass(frozen=True)
class DueDate:
    """When a payment is asked for, and the last day on which it is in time."""

    requested_on: date
    due_on: date


@dataclass(frozen=True)
class NewOrder:
    """What a family buys, and when it pays: one payment, or an instalment for each due date.

    `automatic`: discounts that come off by themselves are looked at; otherwise only those that are named.
    `shown`: what the family saw before it pressed; it is not charged more.
    """

    family_id: int
    items: Sequence[NewItem]
    due: Sequence[DueDate]
    guardian_id: int | None = None
    deposit_minor: int = 0
    voucher_codes: tuple[str, ...] = ()
    automatic: bool = False
    shown: Shown | None = None


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
    order = _order(db, new, now)
    order.total_minor, order.price_receipt = receipt.total_minor, price_offers.to_json(receipt)
    price_offers.spend(db, receipt)
    db.add(order)
    db.flush()
    items = [
        _item(order, position, item, line.unit_minor)
        for position, (item, line) in enumerate(zip(new.items, receipt.lines, strict=True), start=1)
    ]
    db.add_all(items)
    db.flush()
    price_offers.write(db, order, [row.id for row in items], receipt, now)
    payments = _payments(order, new, now)
    db.add_all(payments)
    db.flush()
    db.add_all(_event(one, PaymentEventKind.ASKED, one.amount_minor, now) for one in payments)
    db.flush()
    documents.on_ordered(db, order.id or 0, now)
    ids = tuple(row.id or 0 for row in items), tuple(payment.id or 0 for payment in payments)
    return Placed(order.id or 0, order.number, *ids)


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
        db.add(_event(payment, PaymentEventKind.VOIDED, open_minor, now, words))
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
    today = now.astimezone(provider.zone(db)).date()
    codes = price_offers.vouchers(db, new.voucher_codes)
    return price(lines, codes, provider.get(db).currency, today)


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


def _item(order: Order, position: int, item: NewItem, unit_minor: int) -> OrderItem:
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
        unit_minor=unit_minor,
        total_minor=item.quantity * unit_minor,
        vat_basis_points=item.vat_basis_points,
    )


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


def _payments(order: Order, new: NewOrder, now: datetime) -> list[Payment]:
    amounts = parts(order.total_minor, len(new.due), new.deposit_minor)
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
        for position, (amount, due) in enumerate(zip(amounts, new.due, strict=True), start=1)
    ]


def _only(items: Sequence[NewItem]) -> int | None:
    """The member of all lines, if it is one and the same."""
    members = {item.member_id for item in items}
    return members.pop() if len(members) == 1 else None


def _label(items: Sequence[NewItem]) -> str:
    """ "Open Swim pass and swim cap": the first line as it is, the others in the middle of a sentence."""
    names = list(dict.fromkeys(item.label for item in items))
    return listed([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _event(
    payment: Payment, kind: PaymentEventKind, amount_minor: int, now: datetime, note: str = ""
) -> PaymentEvent:
    return PaymentEvent(
        family_id=payment.family_id,
        payment_id=payment.id or 0,
        kind=kind,
        amount_minor=amount_minor,
        note=note,
        at=now,
    )
