"""The issued documents that an actor may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.commerce import Order
from portal.models.documents import Invoice, InvoiceKind
from portal.services.document_numbers import shown
from portal.services.scene import Scene
from portal.services.visibility import visible_orders


@dataclass(frozen=True)
class DocumentFact:
    """An issued document; `payment_id` is None when it is about the whole order."""

    public_id: str
    kind: InvoiceKind
    number: str
    order_id: int
    payment_id: int | None
    issued_at: datetime


def documents(db: Session, scene: Scene) -> list[DocumentFact]:
    """One query, the newest first; none, and no query, where the provider issues none."""
    if not scene.provider.invoices:
        return []
    columns = (Invoice.public_id, Invoice.kind, Invoice.series, Invoice.serial, Invoice.order_id)
    query = (
        select(*map(col, columns), col(Invoice.payment_id), col(Invoice.issued_at))
        .join(Order, col(Order.id) == col(Invoice.order_id))
        .where(visible_orders(scene.actor, scene.now))
        .order_by(col(Invoice.issued_at).desc(), col(Invoice.id).desc())
    )
    return [
        DocumentFact(public_id, InvoiceKind(kind), shown(series, serial), order_id, payment_id, issued_at)
        for public_id, kind, series, serial, order_id, payment_id, issued_at in db.execute(query)
    ]
