"""Money that comes and goes: announced, received, paid from credit, refunded. States only move forward."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import (
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from portal.services import credit, documents, paid_for, payment_news, provider
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
    payment.announced_on = _day(db, now)
    _write(db, payment, PaymentEventKind.ANNOUNCED, _left(payment), PaymentMethod.BANK_TRANSFER, now)


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
    came = _write(db, payment, PaymentEventKind.RECEIVED, amount_minor, method, now, external_id)
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
    cause = credit.Cause(words, payment.order_id, payment.id, member_id=payment.member_id)
    credit.move(db, payment.family_id, CreditEntryKind.USED, -amount_minor, cause, now)
    _write(db, payment, PaymentEventKind.CREDIT_USED, amount_minor, PaymentMethod.CREDIT, now)
    payment.method = payment.method or PaymentMethod.CREDIT
    _add(payment, amount_minor, now)
    paid_for.open_what_is_paid(db, payment.order_id)


def refund_to_credit(
    db: Session, actor: Actor, payment_id: int, amount_minor: int, words: str, now: datetime
) -> None:
    """Money received goes back as credit; the payment is refunded when nothing of it is left."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= payment.received_minor - payment.refunded_minor - asked_minor(db, payment):
        raise TooMuch
    cause = credit.Cause(words, payment.order_id, payment.id, member_id=payment.member_id)
    credit.move(db, payment.family_id, CreditEntryKind.REFUND, amount_minor, cause, now)
    _went_back(db, payment, amount_minor, PaymentMethod.CREDIT, now)


def refund(
    db: Session, actor: Actor, payment_id: int, amount_minor: int, method: PaymentMethod, now: datetime
) -> None:
    """The provider gave money back by its own hand: by transfer or in cash."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= payment.received_minor - payment.refunded_minor - asked_minor(db, payment):
        raise TooMuch
    _went_back(db, payment, amount_minor, method, now)


def refund_to_payer(
    db: Session,
    actor: Actor,
    payment_id: int,
    amount_minor: int,
    now: datetime,
    external_id: str,
) -> None:
    """Money on a card went back, as the gateway says; `external_id` names it, once."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= payment.received_minor - payment.refunded_minor:
        raise TooMuch
    _went_back(db, payment, amount_minor, PaymentMethod.CARD, now, external_id)


def answered(refund: Refund, now: datetime) -> None:
    """The gateway gave what it was asked for: it is no longer kept aside."""
    refund.status, refund.settled_at = RefundStatus.DONE, now


def excess_returned(
    db: Session,
    actor: Actor,
    payment: Payment,
    amount_minor: int,
    cause: credit.Cause,
    now: datetime,
    external_id: str,
) -> None:
    """Money that had become credit went back to the payer: a correcting row here, and it leaves the credit."""
    provider_only(actor)
    credit.move(db, payment.family_id, CreditEntryKind.CORRECTED, -amount_minor, cause, now)
    _write(db, payment, PaymentEventKind.CORRECTED, -amount_minor, PaymentMethod.CARD, now, external_id)


def asked(db: Session, payment_ids: Sequence[int]) -> Sequence[Refund]:
    """What a gateway has been asked to give back of these and has not given, the oldest first. Under their locks."""
    waiting = (col(Refund.payment_id).in_(payment_ids), col(Refund.status) == RefundStatus.ASKED)
    query = select(Refund).where(*waiting).order_by(col(Refund.id))
    return db.execute(query.execution_options(populate_existing=True)).scalars().all()


def asked_minor(db: Session, payment: Payment) -> int:
    """How much of it a gateway has been asked to give back and has not given: kept aside. Under its lock."""
    return sum(one.amount_minor for one in asked(db, [payment.id or 0]))


def under_way(db: Session, actor: Actor, payment_id: int, now: datetime) -> None:
    """The gateway has it and does not know yet: shown as on its way."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if payment.status == PaymentStatus.UNPAID:
        payment.status, payment.method = PaymentStatus.PROCESSING, PaymentMethod.CARD
        _write(db, payment, PaymentEventKind.ANNOUNCED, _left(payment), PaymentMethod.CARD, now)


def fell_through(db: Session, actor: Actor, payment_id: int, now: datetime) -> None:
    """What was under way at the gateway did not come: it is to be paid as before."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if payment.status == PaymentStatus.PROCESSING and payment.method == PaymentMethod.CARD:
        payment.status, payment.method = PaymentStatus.UNPAID, ""
        _write(db, payment, PaymentEventKind.FAILED, 0, PaymentMethod.CARD, now)


def _went_back(
    db: Session,
    payment: Payment,
    amount_minor: int,
    method: PaymentMethod,
    now: datetime,
    external_id: str | None = None,
) -> None:
    went = _write(db, payment, PaymentEventKind.REFUNDED, amount_minor, method, now, external_id)
    payment.refunded_minor += amount_minor
    if payment.refunded_minor == payment.received_minor:
        payment.status = PaymentStatus.REFUNDED
    db.flush()
    documents.on_refunded(db, went, now)


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


def _day(db: Session, now: datetime) -> date:
    return now.astimezone(provider.zone(db)).date()


def _write(
    db: Session,
    payment: Payment,
    kind: PaymentEventKind,
    amount_minor: int,
    method: PaymentMethod,
    now: datetime,
    external_id: str | None = None,
) -> PaymentEvent:
    event = PaymentEvent(
        family_id=payment.family_id,
        payment_id=payment.id or 0,
        kind=kind,
        amount_minor=amount_minor,
        method=method,
        external_id=external_id,
        at=now,
    )
    db.add(event)
    db.flush()
    return event
