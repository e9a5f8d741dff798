"""Telling a family that its money has arrived; nobody has to ask."""

from datetime import datetime

from sqlmodel import Session

from portal import routes
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.commerce import Payment, PaymentEvent
from portal.services import notify, provider


def tell_received(db: Session, payment: Payment, came: PaymentEvent, now: datetime) -> None:
    """Once for each movement of money, in its transaction."""
    zone = provider.zone(db)

    def telling(to: notify.Hearer) -> Note:
        amount = Spoken(to.locale, zone).amount(came.amount_minor, payment.currency)
        values = {"what": payment.label, "amount": amount}
        return Note(Kind.PAYMENT_RECEIVED, routes.payment(payment.public_id), values)

    notify.tell_family(db, payment.family_id, telling, now, f"payment_received:{came.id}")
