"""Money that was somebody else's: taken from a payment again by a correcting row, and nothing is overwritten."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import (
    Order,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentStatus,
)
from portal.services import credit, documents, paid_for, payment_events, payments_returned
from portal.services.authority import provider_only
from portal.services.credit import Cause

COUNTED = (PaymentEventKind.RECEIVED, PaymentEventKind.CREDIT_USED, PaymentEventKind.CORRECTED)
"""What a payment has received is the sum of these; corrections are negative."""


class AlreadyGivenBack(PortalError):
    """Some of it went back to the family, so it cannot be taken from the payment as well."""

    message_key = "corrections.already_given_back"


def take_back(db: Session, actor: Actor, received: PaymentEvent, now: datetime) -> None:
    """As if this money had never come: the payment is open again as far as nothing else pays it.

    What of it had become credit is taken from the credit: NotEnoughCredit when that was used.
    """
    provider_only(actor)
    payment = db.get(Payment, received.payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound
    # What came beyond the amount is in the family's credit; it stands in for what is taken away.
    remains = _counted(db, payment) - received.amount_minor
    kept = min(payment.received_minor, remains)
    if kept < payment.refunded_minor + payments_returned.asked_minor(db, payment):
        raise AlreadyGivenBack
    from_credit = received.amount_minor - (payment.received_minor - kept)
    event = _write(db, payment, received, now)
    if from_credit:
        cause = Cause(f"A transfer for {payment.label} was not yours", payment.order_id, payment.id)
        credit.move(db, payment.family_id, CreditEntryKind.CORRECTED, -from_credit, cause, now)
    payment.received_minor = kept
    if kept < payment.amount_minor and payment.status == PaymentStatus.PAID:
        # Of an order that was cancelled meanwhile nothing is asked for again.
        stands = db.get_one(Order, payment.order_id).status == OrderStatus.STANDING
        payment.status = PaymentStatus.UNPAID if stands else PaymentStatus.VOID
        payment.paid_at = None
        paid_for.close_what_is_not(db, payment.order_id)
    db.flush()
    documents.on_taken_back(db, event, received, now)


def _counted(db: Session, payment: Payment) -> int:
    total = select(func.coalesce(func.sum(col(PaymentEvent.amount_minor)), 0)).where(
        col(PaymentEvent.payment_id) == payment.id, col(PaymentEvent.kind).in_(COUNTED)
    )
    return int(db.execute(total).scalar_one())


def _write(db: Session, payment: Payment, received: PaymentEvent, now: datetime) -> PaymentEvent:
    mark = f"{received.external_id}:back" if received.external_id else None
    taken, why = PaymentEventKind.CORRECTED, "This transfer was not yours"
    return payment_events.write(
        db, payment, taken, -received.amount_minor, received.method, now, mark, note=why
    )
