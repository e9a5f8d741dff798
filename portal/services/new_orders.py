"""A new order: what is asked for, and the rows that are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.commerce import (
    ItemKind,
    Order,
    OrderItem,
    Payment,
    PaymentStatus,
)
from portal.models.people import Family, Guardian
from portal.models.provider import ProviderSettings
from portal.rules.instalments import parts
from portal.rules.pricing import Shown
from portal.services import provider
from portal.words import listed

FIRST_NUMBER = 2001


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


def order_of(db: Session, new: NewOrder, now: datetime) -> Order:
    """With the next number and the buyer as they are today; what it costs is not known yet."""
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


def item_of(order: Order, position: int, item: NewItem, unit_minor: int) -> OrderItem:
    """A line, at the price of what is left of it."""
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


def payments_of(order: Order, new: NewOrder, now: datetime) -> list[Payment]:
    """The total in as many payments as there are due dates: their sum is the total."""
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
