"""Money that goes back: to credit, to where it came from, and what a gateway has been asked to give."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import (
    Payment,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from portal.models.people import AuditEntry
from portal.services import credit, documents, payment_events
from portal.services.authority import provider_only
from portal.services.payments_received import OPEN, TooMuch, locked

ASKED_BACK = "refund.asked"


def refund_to_credit(
    db: Session, actor: Actor, payment_id: int, amount_minor: int, words: str, now: datetime
) -> None:
    """Money received goes back as credit; the payment is refunded when nothing of it is left."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= left_minor(db, payment):
        raise TooMuch
    cause = credit.Cause(words, payment.order_id, payment.id, member_id=payment.member_id)
    credit.move(db, payment.family_id, CreditEntryKind.REFUND, amount_minor, cause, now)
    _went_back(db, payment, amount_minor, PaymentMethod.CREDIT, now, note=words)


def refund(
    db: Session,
    actor: Actor,
    payment_id: int,
    amount_minor: int,
    method: PaymentMethod,
    words: str,
    now: datetime,
) -> None:
    """The provider gave money back by its own hand: by transfer or in cash."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= left_minor(db, payment):
        raise TooMuch
    _went_back(db, payment, amount_minor, method, now, note=words)


def refund_to_payer(
    db: Session,
    actor: Actor,
    payment_id: int,
    amount_minor: int,
    now: datetime,
    external_id: str,
    *,
    words: str = "",
) -> None:
    """Money on a card went back, as the gateway says; `external_id` names it, once."""
    provider_only(actor)
    payment = locked(db, payment_id)
    if not 0 < amount_minor <= payment.received_minor - payment.refunded_minor:
        raise TooMuch
    _went_back(db, payment, amount_minor, PaymentMethod.CARD, now, external_id, note=words)


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
    payment_events.write(
        db,
        payment,
        PaymentEventKind.CORRECTED,
        -amount_minor,
        PaymentMethod.CARD,
        now,
        external_id,
        note=cause.words,
    )


def asked(db: Session, payment_ids: Sequence[int]) -> Sequence[Refund]:
    """What a gateway has been asked to give back of these and has not given, the oldest first. Under their locks."""
    waiting = (col(Refund.payment_id).in_(payment_ids), col(Refund.status) == RefundStatus.ASKED)
    query = select(Refund).where(*waiting).order_by(col(Refund.id))
    return db.execute(query.execution_options(populate_existing=True)).scalars().all()


def asked_words(db: Session, refund: Refund) -> str:
    """Why staff asked for it."""
    of = (col(AuditEntry.family_id) == refund.family_id, col(AuditEntry.action) == ASKED_BACK)
    why = select(col(AuditEntry.detail)).where(*of, col(AuditEntry.subject) == refund.public_id)
    return db.execute(why).scalar() or ""


def asked_minor(db: Session, payment: Payment) -> int:
    """How much of it a gateway has been asked to give back and has not given: kept aside. Under its lock."""
    return sum(one.amount_minor for one in asked(db, [payment.id or 0]))


def left_minor(db: Session, payment: Payment) -> int:
    """How much of it can still be given back, without what a gateway has been asked for. Under its lock."""
    return payment.received_minor - payment.refunded_minor - asked_minor(db, payment)


def _went_back(
    db: Session,
    payment: Payment,
    amount_minor: int,
    method: PaymentMethod,
    now: datetime,
    external_id: str | None = None,
    *,
    note: str,
) -> None:
    refunded = PaymentEventKind.REFUNDED
    went = payment_events.write(db, payment, refunded, amount_minor, method, now, external_id, note=note)
    payment.refunded_minor += amount_minor
    # What was paid in part stays open with the rest: a refund takes off what is owed, and no more.
    if payment.refunded_minor == payment.received_minor and payment.status not in OPEN:
        payment.status = PaymentStatus.REFUNDED
    db.flush()
    documents.on_refunded(db, went, now)
