"""Money that comes: announced, received, paid from credit. States only move forward."""

from datetime import datetime

from sqlmodel import Session

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import (
    Payment,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
)
from portal.services import credit, documents, paid_for, payment_events, payment_news, provider
from portal.services.authority import for_family, provider_only

OPEN = frozenset({PaymentStatus.UNPAID, PaymentStatus.PROCESSING})


class PaymentClosed(PortalError):
    """The payment is paid, refunded or void already."""

    message_key = "payments.closed"


class TooMuch(PortalError):
    """More than there is to pay, or to give back."""

    message_key = "payments.too_much"


def announce(db: Session, actor: Actor, payment_id: int, now: datetime) -> None:
    """The family says that a transfer is on its way; nothing is paid until the provider has the money."""
    payment = locked(db, payment_id)
    for_family(actor, payment.family_id)
    if payment.status != PaymentStatus.UNPAID:
        raise PaymentClosed
    payment.status, payment.method = PaymentStatus.PROCESSING, PaymentMethod.BANK_TRANSFER
    payment.announced_on = provider.today(db, now)
    payment_events.write(
        db, payment, PaymentEventKind.ANNOUNCED, _left(payment), PaymentMethod.BANK_TRANSFER, now
    )


def receive(
    db: Session,
    actor: Actor,
    payment_id: int,
    amount_minor: int,
    method: PaymentMethod,
    now: datetime,
    *,
    external_id: str | None = None,
) -> None:
    """The provider has money: all, a part, or too much, and then the rest becomes the family's credit."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if amount_minor <= 0:
        raise TooMuch
    kept = min(amount_minor, _left(payment)) if payment.status in OPEN else 0
    came = payment_events.write(
        db, payment, PaymentEventKind.RECEIVED, amount_minor, method, now, external_id
    )
    if kept:
        payment.method = method
        _add(payment, kept, now)
        paid_for.open_what_is_paid(db, payment.order_id)
    if amount_minor > kept:
        cause = credit.Cause(f"Paid more than {payment.label}", payment.order_id, payment.id)
        credit.move(db, payment.family_id, CreditEntryKind.OVERPAYMENT, amount_minor - kept, cause, now)
    db.flush()
    documents.on_received(db, came, now)
    payment_news.tell_received(db, payment, came, now)


def use_credit(
    db: Session, actor: Actor, payment_id: int, amount_minor: int, words: str, now: datetime
) -> None:
    """The family's credit pays all or a part."""
    payment = locked(db, payment_id)
    for_family(actor, payment.family_id)
    if payment.status not in OPEN:
        raise PaymentClosed
    if not 0 < amount_minor <= _left(payment):
        raise TooMuch
    if payment.currency != provider.get(db).currency:
        raise credit.OtherCurrency
    cause = credit.Cause(words, payment.order_id, payment.id, member_id=payment.member_id)
    credit.move(db, payment.family_id, CreditEntryKind.USED, -amount_minor, cause, now)
    payment_events.write(db, payment, PaymentEventKind.CREDIT_USED, amount_minor, PaymentMethod.CREDIT, now)
    payment.method = payment.method or PaymentMethod.CREDIT
    _add(payment, amount_minor, now)
    paid_for.open_what_is_paid(db, payment.order_id)


def under_way(db: Session, actor: Actor, payment_id: int, now: datetime) -> None:
    """The gateway has it and does not know yet: shown as on its way."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if payment.status == PaymentStatus.UNPAID:
        payment.status, payment.method = PaymentStatus.PROCESSING, PaymentMethod.CARD
        payment_events.write(db, payment, PaymentEventKind.ANNOUNCED, _left(payment), PaymentMethod.CARD, now)


def fell_through(db: Session, actor: Actor, payment_id: int, now: datetime) -> None:
    """What was under way at the gateway did not come: it is to be paid as before."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if payment.status == PaymentStatus.PROCESSING and payment.method == PaymentMethod.CARD:
        payment.status, payment.method = PaymentStatus.UNPAID, ""
        payment_events.write(db, payment, PaymentEventKind.FAILED, 0, PaymentMethod.CARD, now)


def locked(db: Session, payment_id: int) -> Payment:
    """The payment, which nobody else changes until the end of this transaction. For other services."""
    found = db.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _left(payment: Payment) -> int:
    return max(0, payment.amount_minor - payment.received_minor)


def _add(payment: Payment, amount_minor: int, now: datetime) -> None:
    payment.received_minor += amount_minor
    if payment.received_minor >= payment.amount_minor:
        payment.status, payment.paid_at = PaymentStatus.PAID, now
