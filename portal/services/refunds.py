"""Staff give money back, and cancel orders: to credit, or to where it came from (docs/pricing.md, 6).

Money on a card is kept aside in one transaction; the gateway is asked after it, with the refund's own key; and it
counts as refunded when the gateway's message says so (`payments_returned.refund_to_payer`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from portal import db as database
from portal.actor import Actor
from portal.errors import NotFound
from portal.gateways import GatewayRefused
from portal.models.checkouts import Checkout, CheckoutPart, CheckoutStatus
from portal.models.commerce import (
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentMethod,
    Refund,
    RefundStatus,
)
from portal.services import audit, ordering, payments_returned
from portal.services.authority import provider_only
from portal.services.corrections import COUNTED
from portal.services.payments_received import TooMuch, locked
from portal.services.payments_returned import asked_minor, left_minor
from portal.services.storing import store

SOURCES = (PaymentMethod.CARD, PaymentMethod.BANK_TRANSFER, PaymentMethod.CASH, PaymentMethod.CREDIT)
"""Where money goes back to first: the gateway sees to it by itself, credit is there at once."""


class Back(StrEnum):
    """Where money goes back to."""

    CREDIT = "credit"
    PAYER = "payer"


@dataclass(frozen=True)
class AskedRefund:
    """What the gateway is to give back. `key` is our own id of it: asked twice with it, it gives once."""

    key: str
    payment_id: int
    amount_minor: int
    currency: str


class RefundAtGateway(Protocol):
    """Asks the gateway that took the payment; GatewayRefused for a no, anything else is asked again later."""

    def __call__(self, asked: AskedRefund, /) -> None:
        """Ask."""


def give_back(
    db: Session, actor: Actor, payment_id: int, amount_minor: int, to: Back, words: str, now: datetime
) -> list[AskedRefund]:
    """All or a part of what came and has not gone back; TooMuch above that. What the gateway is to be asked for."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= left_minor(db, payment):
        raise TooMuch
    if to is Back.CREDIT:
        payments_returned.refund_to_credit(db, actor, payment_id, amount_minor, words, now)
        return []
    return _to_payer(db, actor, payment, amount_minor, words, now)


def cancel_order(
    db: Session, actor: Actor, order_id: int, to: Back | None, words: str, now: datetime
) -> list[AskedRefund]:
    """What is unpaid is void; what was paid goes back, or stays (None) until somebody decides."""
    provider_only(actor)
    of_order = select(col(Payment.id)).where(col(Payment.order_id) == order_id).order_by(col(Payment.id))
    ids = [one or 0 for one in db.execute(of_order).scalars()]
    ordering.cancel(db, actor, order_id, now, words)
    if to is None:
        return []
    lefts = {one: left_minor(db, locked(db, one)) for one in ids}
    return [
        asked
        for one, left in lefts.items()
        if left
        for asked in give_back(db, actor, one, left, to, words, now)
    ]


def send(gateway: RefundAtGateway, actor: Actor, asked: AskedRefund, now: datetime) -> None:
    """Ask the gateway, outside any transaction; a refused refund is no longer kept aside, and told."""
    try:
        gateway(asked)
    except GatewayRefused:
        database.transact(lambda db: refused(db, actor, asked.key, now))
        raise


def refused(db: Session, actor: Actor, key: str, now: datetime) -> None:
    """The gateway said no: the money can be given back another way. One that is settled stays as it is."""
    provider_only(actor)
    found = db.execute(select(Refund).where(col(Refund.public_id) == key)).scalar()
    if found is None:
        raise NotFound
    locked(db, found.payment_id)
    db.refresh(found)
    if found.status == RefundStatus.ASKED:
        found.status, found.settled_at = RefundStatus.REFUSED, now
        db.flush()


def unsettled(db: Session, asked_before: datetime) -> list[AskedRefund]:
    """What was asked for before then and not answered: to be sent again, with the same key."""
    query = select(Refund).where(
        col(Refund.status) == RefundStatus.ASKED, col(Refund.asked_at) <= asked_before
    )
    return [_asked(one) for one in db.execute(query.order_by(col(Refund.id))).scalars()]


def paid_through(db: Session, payment_id: int, amount_minor: int) -> tuple[str, str] | None:
    """The gateway and its id of the visit that paid this payment and has so much left: where its money goes back.

    Of several the newest; the newest of all where none has as much.
    """
    enough = col(Checkout.received_minor) - col(Checkout.refunded_minor) >= amount_minor
    query = (
        select(col(Checkout.gateway), col(Checkout.external_id))
        .join(CheckoutPart, col(CheckoutPart.checkout_id) == col(Checkout.id))
        .where(
            col(CheckoutPart.payment_id) == payment_id,
            col(Checkout.status) == CheckoutStatus.PAID,
            col(Checkout.external_id).is_not(None),
        )
        .order_by(enough.desc(), col(Checkout.id).desc())
        .limit(1)
    )
    found = db.execute(query).first()
    return (found[0], found[1]) if found else None


def _to_payer(
    db: Session, actor: Actor, payment: Payment, amount_minor: int, words: str, now: datetime
) -> list[AskedRefund]:
    found, left, payment_id = [], amount_minor, payment.id or 0
    came = _came(db, payment)
    for source in SOURCES:
        # What nobody knows the way of, credit takes: it never vanishes.
        part = left if source is PaymentMethod.CREDIT else min(left, max(0, came[source]))
        left -= part
        if not part:
            continue
        if source is PaymentMethod.CARD:
            found.append(_keep_aside(db, actor, payment, part, words, now))
        elif source is PaymentMethod.CREDIT:
            payments_returned.refund_to_credit(db, actor, payment_id, part, words, now)
        else:
            payments_returned.refund(db, actor, payment_id, part, source, words, now)
    return found


def _came(db: Session, payment: Payment) -> Counter[str]:
    """What came by each way and has not gone back by it."""
    came: Counter[str] = Counter({PaymentMethod.CARD: -asked_minor(db, payment)})
    events = select(PaymentEvent).where(col(PaymentEvent.payment_id) == payment.id)
    for event in db.execute(events).scalars():
        if event.kind in COUNTED:
            came[event.method] += event.amount_minor
        elif event.kind == PaymentEventKind.REFUNDED:
            came[event.method] -= event.amount_minor
    return came


def _keep_aside(
    db: Session, actor: Actor, payment: Payment, amount_minor: int, words: str, now: datetime
) -> AskedRefund:
    refund = Refund(
        family_id=payment.family_id,
        payment_id=payment.id or 0,
        amount_minor=amount_minor,
        currency=payment.currency,
        asked_at=now,
    )
    store(db, refund)
    # The history tells why when the money is back; until then the log knows.
    audit.note(db, actor, payment.family_id, payments_returned.ASKED_BACK, refund.public_id, now, words)
    return _asked(refund)


def _asked(refund: Refund) -> AskedRefund:
    return AskedRefund(refund.public_id, refund.payment_id, refund.amount_minor, refund.currency)
