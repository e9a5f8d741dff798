"""A payment's history: a row for everything that happens to it, never changed and never taken away."""

from datetime import datetime

from sqlmodel import Session

from portal.models.commerce import Payment, PaymentEvent, PaymentEventKind, PaymentMethod


def write(
    db: Session,
    payment: Payment,
    kind: PaymentEventKind,
    amount_minor: int,
    method: PaymentMethod | str,
    now: datetime,
    external_id: str | None = None,
    *,
    note: str = "",
) -> PaymentEvent:
    """One row; `method` is empty where no money moved, `note` says why in staff's words. For other services."""
    event = PaymentEvent(
        family_id=payment.family_id,
        payment_id=payment.id or 0,
        kind=kind,
        amount_minor=amount_minor,
        method=method,
        note=note,
        external_id=external_id,
        at=now,
    )
    db.add(event)
    db.flush()
    return event
