"""The discounts there are for an order, their use, and the price receipt that is kept with it."""

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, func, select, update
from sqlmodel import Session, col

from portal.errors import NotFound, PortalError
from portal.models.bookings import Booking, BookingKind, BookingStatus
from portal.models.commerce import Order
from portal.models.discounts import Discount, DiscountKind, OrderDiscount, Voucher
from portal.rules.discounts import may_be_expected
from portal.rules.pricing import Offer, OfferKind, Receipt, Step
from portal.services import provider

LATER = "pricing.nothing_left"
"""Who named a discount that had nothing to take off lost nothing."""


class DiscountNotUsable(PortalError):
    """A discount that somebody named does not fit, or was used by another a moment ago."""

    message_key = "ordering.discount_not_usable"


class VoucherUnknown(PortalError):
    """Nobody gave out this code."""

    message_key = "ordering.voucher_unknown"


@dataclass(frozen=True)
class ByItself:
    """The family's discounts that come off by themselves, and its members' courses, which they depend on."""

    offers: tuple[Offer, ...] = ()
    courses: frozenset[tuple[int, int, str]] = frozenset()
    """Booking, member and status; none is read where there is no discount."""

    def offers_to(self, member_id: int | None) -> tuple[Offer, ...]:
        """Without those of other members, which nobody expects here."""
        return tuple(offer for offer in self.offers if offer.member_id in (None, member_id))

    @property
    def returning(self) -> frozenset[int]:
        """Who has completed a course."""
        return frozenset(who for _, who, status in self.courses if status == BookingStatus.COMPLETED)

    def enrolled(self, without: Set[int | None]) -> set[int]:
        """Who has a class, these bookings left out."""
        active = BookingStatus.ACTIVE
        return {who for booking, who, status in self.courses if status == active and booking not in without}


NOTHING = ByItself()


def named(db: Session, family_id: int, discount_ids: Iterable[int]) -> dict[int, Offer]:
    """The family's own discounts of these ids, which are locked in their order; NotFound for any other."""
    wanted = sorted(set(discount_ids))
    if not wanted:
        return {}
    of_family = (col(Discount.family_id) == family_id, col(Discount.id).in_(wanted))
    query = select(Discount).where(*of_family).order_by(col(Discount.id)).with_for_update()
    found = {
        row.id: _offer(row) for row in db.execute(query.execution_options(populate_existing=True)).scalars()
    }
    if len(found) < len(wanted):
        raise NotFound
    return found


def by_itself(db: Session, family_id: int, now: datetime) -> ByItself:
    """One query. What ended long ago, or is still far away, is not looked at: no receipt tells of it for ever."""
    kinds = col(Discount.kind).in_((DiscountKind.SIBLING, DiscountKind.LOYALTY))
    counts = col(Booking.status).in_((BookingStatus.ACTIVE, BookingStatus.COMPLETED))
    courses = and_(col(Booking.family_id) == family_id, col(Booking.kind) == BookingKind.FULL, counts)
    last_use = select(func.max(col(OrderDiscount.created_at))).where(
        col(OrderDiscount.discount_id) == col(Discount.id)
    )
    rows = db.execute(
        select(
            Discount, last_use.scalar_subquery(), col(Booking.id), col(Booking.member_id), col(Booking.status)
        )
        .outerjoin(Booking, courses)
        .where(col(Discount.family_id) == family_id, col(Discount.automatic), kinds)
        .order_by(col(Discount.id))
    ).all()
    zone = provider.zone(db)
    expected = {
        row[0].id: _offer(row[0], by_itself=True)
        for row in rows
        if _is_expected(row[0], row[1] and row[1].astimezone(zone).date(), now.astimezone(zone).date())
    }
    theirs = frozenset((booking, who, status) for _, _, booking, who, status in rows if booking)
    return ByItself(tuple(expected.values()), theirs)


def _is_expected(row: Discount, last_used_on: date | None, today: date) -> bool:
    used_up_on = last_used_on if row.uses_left == 0 else None
    return may_be_expected(row.valid_from, row.valid_until, used_up_on, today)


def vouchers(db: Session, codes: Iterable[str]) -> tuple[Offer, ...]:
    """What these codes stand for, whatever their case; VoucherUnknown for one that stands for nothing."""
    wanted = {code.strip().upper() for code in codes}
    if not wanted:
        return ()
    found = db.execute(select(Voucher).where(col(Voucher.code).in_(wanted)).order_by(col(Voucher.id)))
    rows = found.scalars().all()
    if len(rows) < len(wanted):
        raise VoucherUnknown
    return tuple(_of_code(row) for row in rows)


def refuse_named(receipt: Receipt) -> None:
    """One that somebody named and that does not fit stops the order: the price would be another than agreed."""
    for step in receipt.steps_in_order():
        if step.reason and step.reason != LATER and not step.offer.automatic:
            raise DiscountNotUsable(step.reason)


def spend(db: Session, receipt: Receipt) -> None:
    """Use what was taken off, by compare and set: of two who want the last use, one has it."""
    # In one order everywhere, so that nobody waits in a circle.
    used = [step for step in receipt.steps_in_order() if not step.reason and step.offer.uses_left is not None]
    for step in sorted(used, key=lambda one: (one.offer.kind is OfferKind.VOUCHER, one.offer.id)):
        _use(db, step.offer)


def write(db: Session, order: Order, item_ids: Sequence[int | None], receipt: Receipt, now: datetime) -> None:
    """A row for each discount that took something off; vouchers are off the whole order, not off a line."""
    by_line = [*zip(item_ids, (line.steps for line in receipt.lines), strict=True), (None, receipt.steps)]
    db.add_all(
        OrderDiscount(
            family_id=order.family_id,
            order_id=order.id or 0,
            order_item_id=item_id,
            discount_id=None if step.offer.kind is OfferKind.VOUCHER else step.offer.id,
            label=step.offer.label,
            amount_minor=step.off_minor,
            created_at=now,
        )
        for item_id, steps in by_line
        for step in steps
        if not step.reason
    )


def to_json(receipt: Receipt) -> str:
    """The receipt as it is kept; amounts in minor units, reasons by their key."""
    lines = [
        {
            "full_minor": one.line.unit_minor,
            "sessions": [one.line.sessions_left, one.line.sessions_all],
            "unit_minor": one.unit_minor,
            "quantity": one.line.quantity,
            "discounts": [_step(step) for step in one.steps],
        }
        for one in receipt.lines
    ]
    return json.dumps(
        {
            "lines": lines,
            "discounts": [_step(step) for step in receipt.steps],
            "total_minor": receipt.total_minor,
        },
        ensure_ascii=False,
    )


def refused(kept: str) -> list[tuple[str, str]]:
    """Of a kept receipt, each discount that was not taken off: its name, and the key of the reason; each told once."""
    receipt = json.loads(kept) if kept else {"lines": [], "discounts": []}
    steps = [step for line in receipt["lines"] for step in line["discounts"]] + receipt["discounts"]
    return list(dict.fromkeys((step["label"], step["reason"]) for step in steps if step["reason"]))


def _use(db: Session, offer: Offer) -> None:
    if offer.kind is OfferKind.VOUCHER:
        spent = (
            update(Voucher)
            .where(col(Voucher.id) == offer.id, col(Voucher.uses) < col(Voucher.max_uses))
            .values(uses=Voucher.uses + 1)
        )
    else:
        spent = (
            update(Discount)
            .where(col(Discount.id) == offer.id, col(Discount.uses_left) > 0)
            .values(uses_left=Discount.uses_left - 1)  # type: ignore[operator]
        )
    if cast("CursorResult[Any]", db.execute(spent)).rowcount != 1:
        raise DiscountNotUsable("pricing.used_up")


def _offer(row: Discount, *, by_itself: bool = False) -> Offer:
    return Offer(
        id=row.id or 0,
        kind=OfferKind(row.kind),
        label=row.name,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        percent_basis_points=row.percent_basis_points,
        amount_minor=row.amount_minor,
        uses_left=row.uses_left,
        member_id=row.member_id,
        automatic=by_itself,
    )


def _of_code(row: Voucher) -> Offer:
    return Offer(
        id=row.id or 0,
        kind=OfferKind.VOUCHER,
        label=row.name,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        percent_basis_points=row.percent_basis_points,
        amount_minor=row.amount_minor,
        uses_left=None if row.max_uses is None else row.max_uses - row.uses,
    )


def _step(step: Step) -> dict[str, object]:
    return {
        "kind": step.offer.kind,
        "id": step.offer.id,
        "label": step.offer.label,
        "before_minor": step.before_minor,
        "off_minor": step.off_minor,
        "reason": step.reason,
    }
