"""Documents to download, found through whoever asks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.documents import content as contents
from portal.documents import invoice_pdf
from portal.errors import NotFound
from portal.models.commerce import Order
from portal.models.documents import Invoice
from portal.services import provider
from portal.services.document_numbers import shown
from portal.services.visibility import visible_orders


@dataclass(frozen=True)
class File:
    """A file's name and what is in it."""

    name: str
    body: bytes


def document(db: Session, actor: Actor, public_id: str, now: datetime) -> File:
    """An issued document of an order that this actor may see; NotFound for anybody else."""
    query = (
        select(Invoice)
        .join(Order, col(Order.id) == col(Invoice.order_id))
        .where(col(Invoice.public_id) == public_id, visible_orders(actor, now))
    )
    found = db.execute(query).scalar()
    if found is None or not provider.get(db).invoices:
        raise NotFound
    name = f"{found.kind.replace('_', '-')}-{shown(found.series, found.serial)}.pdf"
    return File(name, invoice_pdf.pdf(contents.from_json(found.content), found.issued_at))
