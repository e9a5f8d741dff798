"""What a gateway says, taken in once: its message is a reason to look, and what it says when asked is what counts.

Messages come twice, late and in any order. So nothing is added up from them: the visit's present state is
compared with what was taken in of it before, and only the difference is written, as rows.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.actor import SYSTEM
from portal.gateways import Event, Present, Standing
from portal.models.checkouts import Checkout, CheckoutPart, CheckoutStatus
from portal.models.commerce import GatewayEvent, Payment, PaymentMethod
from portal.services import audit, credit, payments_received, payments_returned
from portal.services.checkouts import CREDIT_WORDS
from portal.services.credit import Cause
from portal.services.payments_returned import left_minor

_log = logging.getLogger(__name__)


def take_in(db: Session, gateway: str, event: Event, present: Present | None, now: datetime) -> bool:
    """The message and its effect in one transaction; False for one that was taken in before.

    `present` is what the gateway says of the visit now; None for a message about something else.
    """
    if not _is_new(db, gateway, event, now):
        return False
    checkout = _locked(db, gateway, present) if present else None
    if checkout is None or present is None:
        return True
    if present.currency not in ("", checkout.currency):
        _log.error("a visit to %s was paid in another currency than asked for", gateway)
        told = (
            f"{present.paid_minor} {present.currency} instead of {checkout.amount_minor} {checkout.currency}"
        )
        audit.note(db, SYSTEM, checkout.family_id, "checkout.other_currency", checkout.public_id, now, told)
        return True
    checkout.external_id = checkout.external_id or present.external_id
    parts = _parts(db, checkout)
    _receive(db, checkout, parts, present.paid_minor - checkout.received_minor, now)
    _give_back(db, checkout, parts, present, now)
    _stand(db, checkout, parts, present.standing, now)
    db.flush()
    return True


def _is_new(db: Session, gateway: str, event: Event, now: datetime) -> bool:
    row = {"gateway": gateway, "event_id": event.event_id, "kind": event.kind[:80], "received_at": now}
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = insert(GatewayEvent).values(**row).on_conflict_do_nothing(index_elements=["gateway", "event_id"])
    return db.execute(once.returning(col(GatewayEvent.id))).scalar() is not None


def _locked(db: Session, gateway: str, present: Present) -> Checkout | None:
    """By our own id too: the message may be here before the gateway's id was written down."""
    named = or_(col(Checkout.external_id) == present.external_id, col(Checkout.public_id) == present.key)
    query = select(Checkout).where(col(Checkout.gateway) == gateway, named).with_for_update()
    return db.execute(query.execution_options(populate_existing=True)).scalars().first()


def _parts(db: Session, checkout: Checkout) -> Sequence[CheckoutPart]:
    query = select(CheckoutPart).where(col(CheckoutPart.checkout_id) == checkout.id)
    return db.execute(query.order_by(col(CheckoutPart.payment_id))).scalars().all()


def _receive(
    db: Session, checkout: Checkout, parts: Sequence[CheckoutPart], came: int, now: datetime
) -> None:
    """Each payment its part, what is above it to the last; then the credit that was to pay the rest."""
    if came <= 0:
        return
    left, mark = came, f"{checkout.gateway}:{checkout.public_id}:{checkout.received_minor}"
    for part in parts:
        amount = left if part is parts[-1] else min(left, part.amount_minor)
        left -= amount
        if amount:
            payment = _payment(db, part)
            before = payment.received_minor
            name = f"{mark}:{part.id}"
            payments_received.receive(
                db, SYSTEM, part.payment_id, amount, PaymentMethod.CARD, now, external_id=name
            )
            part.excess_minor += amount - (payment.received_minor - before)
        _use_credit(db, checkout, part, now)
    checkout.received_minor += came


def _use_credit(db: Session, checkout: Checkout, part: CheckoutPart, now: datetime) -> None:
    """As far as it is still there: what was used elsewhere meanwhile stays to be paid, and is never a debt."""
    payment = _payment(db, part)
    open_minor = max(0, payment.amount_minor - payment.received_minor)
    amount = min(part.credit_minor, open_minor, credit.held(db, checkout.family_id))
    if amount > 0 and payment.status in payments_received.OPEN:
        payments_received.use_credit(db, SYSTEM, part.payment_id, amount, CREDIT_WORDS, now)


def _give_back(
    db: Session, checkout: Checkout, parts: Sequence[CheckoutPart], present: Present, now: datetime
) -> None:
    """What went back to the payer: first what staff have asked for and was given, of the payments it was meant for.

    Then what had become credit, of the credit; then of what the payments have besides what is kept aside for a
    refund that is still to come; and of that only when nothing else is left.
    """
    refunded = min(present.refunded_minor, checkout.received_minor)
    left = refunded - checkout.refunded_minor
    if left <= 0:
        return
    went = _Went(
        db, checkout, left, f"{checkout.gateway}:{checkout.public_id}:back:{checkout.refunded_minor}", now
    )
    checkout.refunded_minor = refunded
    payments = [_payment(db, part) for part in parts]
    for refund in payments_returned.asked(db, [payment.id or 0 for payment in payments]):
        if refund.public_id in present.given:
            payments_returned.answered(refund, now)
            meant = db.get_one(Payment, refund.payment_id)
            went.of_payment(meant, refund.amount_minor, payments_returned.asked_words(db, refund))
    for part in parts:
        went.of_credit(part)
    for payment in payments:
        went.of_payment(payment, left_minor(db, payment))
    for payment in payments:
        went.of_payment(payment, payment.received_minor - payment.refunded_minor)
    if went.left:
        # The family has used that credit. It is no debt of theirs on a screen; staff read of it here.
        told = f"{went.left} {checkout.currency} more went back than is left here"
        audit.note(db, SYSTEM, checkout.family_id, "checkout.refunded_beyond", checkout.public_id, now, told)


@dataclass
class _Went:
    """So much went back that no row says yet; each row takes its part of it, under a name of its own."""

    db: Session
    checkout: Checkout
    left: int
    mark: str
    now: datetime
    rows: int = 0

    def of_payment(self, payment: Payment, at_most: int, words: str = "") -> None:
        """Of what this payment received."""
        amount = min(self.left, at_most, payment.received_minor - payment.refunded_minor)
        if amount > 0:
            payments_returned.refund_to_payer(
                self.db, SYSTEM, payment.id or 0, amount, self.now, self._name(), words=words
            )
            self.left -= amount

    def of_credit(self, part: CheckoutPart) -> None:
        """Of what this part's money had become: as far as the credit is still there."""
        amount = min(self.left, part.excess_minor, credit.held(self.db, self.checkout.family_id))
        if amount > 0:
            part.excess_minor -= amount
            payment = self.db.get_one(Payment, part.payment_id)
            cause = Cause("Returned to where it was paid from", payment.order_id, payment.id)
            payments_returned.excess_returned(self.db, SYSTEM, payment, amount, cause, self.now, self._name())
            self.left -= amount

    def _name(self) -> str:
        self.rows += 1
        return f"{self.mark}:{self.rows}"


def _payment(db: Session, part: CheckoutPart) -> Payment:
    return db.get_one(Payment, part.payment_id, with_for_update=True, populate_existing=True)


def _stand(
    db: Session, checkout: Checkout, parts: Sequence[CheckoutPart], standing: Standing, now: datetime
) -> None:
    """Forward only: what is paid stays paid and what is over stays over, whatever comes late; but for money."""
    if checkout.status == CheckoutStatus.PAID or standing is Standing.OPEN:
        return
    if standing is Standing.PROCESSING:
        if checkout.status != CheckoutStatus.OPEN:
            return
        for part in parts:
            payments_received.under_way(db, SYSTEM, part.payment_id, now)
    if standing is Standing.EXPIRED and checkout.status == CheckoutStatus.PROCESSING:
        for part in parts:
            payments_received.fell_through(db, SYSTEM, part.payment_id, now)
    checkout.status = CheckoutStatus(standing)
