"""Telling a family that a document is there. A receipt is not told: the letter about the money is."""

from datetime import datetime

from sqlmodel import Session

from portal import routes
from portal.documents.content import Content
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.documents import Invoice, InvoiceKind
from portal.services import notify, provider

TOLD = frozenset({InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE})


def tell(db: Session, issued: Invoice, content: Content, now: datetime) -> None:
    """Once, in the transaction in which it was issued."""
    if issued.kind not in TOLD:
        return
    zone = provider.zone(db)

    def telling(to: notify.Hearer) -> Note:
        amount = Spoken(to.locale, zone).amount(issued.total_minor, issued.currency)
        values = {"what": f"{content.title} {content.number}", "amount": amount}
        return Note(Kind.DOCUMENT_READY, routes.document(issued.public_id), values)

    notify.tell_family(db, issued.family_id, telling, now, f"document:{issued.public_id}")
