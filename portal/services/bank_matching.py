"""Bank lines and what they pay: matched by themselves or by a person, and taken apart again by correcting rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound, PortalError
from portal.models.banking import BankLine, BankLineStatus
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import Payment, PaymentEvent, PaymentEventKind, PaymentMethod
from portal.models.people import Family
from portal.rules.bank_matching import Decision
from portal.services import corrections, credit, payments_received, provider
from portal.services.authority import provider_only
from portal.services.bank_evidence import OPEN
from portal.services.credit import Cause


class NotWaiting(PortalError):
    """The line was matched or put aside already."""

    message_key = "bank_matching.not_waiting"


class NotMatched(PortalError):
    """The line is not matched, so there is nothing to take apart."""

    message_key = "bank_matching.not_matched"


def follow(db: Session, line: BankLine, decision: Decision, now: datetime) -> Sequence[int]:
    """Do what was decided about a new line; the payments it touched. One that is not sure stays waiting."""
    line.reason, line.confidence = decision.reason, int(decision.confidence)
    if decision.waits:
        return ()
    if decision.payments:
        return _settle(db, line, [one.id for one in decision.payments], now)
    return _settle_family(db, line, decision.family_id or 0, now)


def assign(db: Session, actor: Actor, line_id: str, payment_id: str, now: datetime) -> None:
    """A person says which payment a waiting line is for."""
    line = _waiting(db, actor, line_id)
    found = db.execute(select(col(Payment.id)).where(col(Payment.public_id) == payment_id)).scalar()
    if found is None:
        raise NotFound
    _by_hand(line, actor)
    _settle(db, line, [found], now)


def assign_to_family(db: Session, actor: Actor, line_id: str, family_id: str, now: datetime) -> None:
    """A person says whose money it is: what is due is paid, the rest is credit."""
    line = _waiting(db, actor, line_id)
    found = db.execute(select(col(Family.id)).where(col(Family.public_id) == family_id)).scalar()
    if found is None:
        raise NotFound
    _by_hand(line, actor)
    _settle_family(db, line, found, now)


def put_aside(db: Session, actor: Actor, line_id: str, reason: str, now: datetime) -> None:
    """A person says that it is no family's money."""
    line = _waiting(db, actor, line_id)
    _by_hand(line, actor)
    line.status, line.reason, line.decided_at = BankLineStatus.IGNORED, reason, now
    db.flush()


def unmatch(db: Session, actor: Actor, line_id: str, now: datetime) -> None:
    """Take a match apart: what it paid is open again, its credit is gone, and the line waits.

    Credit that was used in the meantime cannot be taken: NotEnoughCredit, and nothing is changed.
    """
    line = _locked(db, actor, line_id)
    if line.status != BankLineStatus.MATCHED:
        raise NotMatched
    for event in _events(db, line):
        corrections.take_back(db, actor, event, now)
    if line.credited_minor:
        cause = Cause("A bank transfer was not yours")
        family_id = line.family_id or 0
        credit.move(db, family_id, CreditEntryKind.CORRECTED, -line.credited_minor, cause, now)
    line.status, line.family_id, line.credited_minor = BankLineStatus.WAITING, None, 0
    line.reason, line.confidence, line.decided_at = "Taken apart by a person.", 0, now
    line.staff_id = actor.staff_id
    db.flush()


def _settle(db: Session, line: BankLine, payment_ids: Sequence[int], now: datetime) -> Sequence[int]:
    """Pay these in their order; what is left over after the last is its family's credit, by its own rule."""
    line.match_no += 1
    payments = _locked_payments(db, payment_ids)
    left = line.amount_minor
    for at, payment in enumerate(payments, start=1):
        still = max(0, payment.amount_minor - payment.received_minor) if payment.status in OPEN else 0
        amount = left if at == len(payments) else min(left, still)
        if amount:
            _receive(db, line, payment, amount, now)
            left -= amount
    _matched(line, payments[0].family_id, now)
    db.flush()
    return payment_ids


def _settle_family(db: Session, line: BankLine, family_id: int, now: datetime) -> Sequence[int]:
    """What is due is paid, oldest first; what is left is credit of its own, to be seen and used."""
    line.match_no += 1
    today = provider.today(db, now)
    due = select(col(Payment.id)).where(
        col(Payment.family_id) == family_id,
        col(Payment.status).in_(OPEN),
        col(Payment.currency) == line.currency,
        col(Payment.requested_on) <= today,
    )
    ids = list(db.execute(due.order_by(col(Payment.due_on), col(Payment.id))).scalars())
    left = line.amount_minor
    for payment in _locked_payments(db, ids):
        amount = min(left, payment.amount_minor - payment.received_minor)
        if amount > 0:
            _receive(db, line, payment, amount, now)
            left -= amount
    if left:
        credit.move(
            db, family_id, CreditEntryKind.PREPAID, left, Cause("Paid in advance by bank transfer"), now
        )
    line.credited_minor = left
    _matched(line, family_id, now)
    db.flush()
    return ids


def _receive(db: Session, line: BankLine, payment: Payment, amount_minor: int, now: datetime) -> None:
    named = f"{_mark(line)}{payment.id}"
    payments_received.receive(
        db, SYSTEM, payment.id or 0, amount_minor, PaymentMethod.BANK_TRANSFER, now, external_id=named
    )


def _events(db: Session, line: BankLine) -> Sequence[PaymentEvent]:
    """The money of the line's present match."""
    mark = _mark(line)
    mine = select(PaymentEvent).where(
        col(PaymentEvent.kind) == PaymentEventKind.RECEIVED,
        col(PaymentEvent.external_id).startswith(mark, autoescape=True),
    )
    return db.execute(mine.order_by(col(PaymentEvent.payment_id))).scalars().all()


def _mark(line: BankLine) -> str:
    return f"bank:{line.public_id}:{line.match_no}:"


def _matched(line: BankLine, family_id: int, now: datetime) -> None:
    line.status, line.family_id, line.decided_at = BankLineStatus.MATCHED, family_id, now


def _by_hand(line: BankLine, actor: Actor) -> None:
    line.reason, line.confidence, line.staff_id = "Matched by a person.", 100, actor.staff_id


def _locked_payments(db: Session, payment_ids: Sequence[int]) -> list[Payment]:
    """Locked in one order for everybody, given back in the order asked for."""
    query = select(Payment).where(col(Payment.id).in_(payment_ids)).order_by(col(Payment.id))
    locked = {row.id: row for row in db.execute(query.with_for_update()).scalars()}
    return [locked[payment_id] for payment_id in payment_ids]


def _waiting(db: Session, actor: Actor, line_id: str) -> BankLine:
    line = _locked(db, actor, line_id)
    if line.status != BankLineStatus.WAITING:
        raise NotWaiting
    return line


def _locked(db: Session, actor: Actor, line_id: str) -> BankLine:
    provider_only(actor)
    query = select(BankLine).where(col(BankLine.public_id) == line_id).with_for_update()
    found = db.execute(query.execution_options(populate_existing=True)).scalar()
    if found is None:
        raise NotFound
    return found
