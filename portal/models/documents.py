"""Numbered documents: invoices, receipts and credit notes, and the series their numbers come from."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, event
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class InvoiceKind(StrEnum):
    """A numbered document."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class Invoice(Table, table=True):
    """A numbered document; never changed once issued. Numbers have no gaps within a series.

    `content` is all that the document says, as JSON. `payment_event_id` is the movement of money it is about:
    each has one document at most. `refers_to_id` is the document that this one corrects.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("series", "serial"),
        UniqueConstraint("payment_event_id"),
        one_of("kind", InvoiceKind),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    order_id: int = reference("order.id")
    payment_id: int | None = optional_reference("payment.id")
    payment_event_id: int | None = optional_reference("payment_event.id", index=False)
    refers_to_id: int | None = optional_reference("invoice.id")
    kind: str = Field(max_length=12)
    series: str = Field(max_length=16)
    serial: int
    total_minor: int
    currency: str = Field(max_length=3)
    content: str = Field(default="{}")
    issued_at: datetime = instant()


class DocumentSeries(Table, table=True):
    """The last number given in a series. Its row is locked until the document with the next one is there."""

    __tablename__ = "document_series"
    __table_args__ = (check("last_serial_positive", "last_serial >= 0"),)

    name: str = Field(max_length=16, primary_key=True)
    last_serial: int = 0

    def topics(self) -> Iterable[str]:
        """Nobody: a number is on no screen without its document."""
        return ()


def _refuse(_mapper: Any, _connection: Any, document: Invoice) -> None:
    raise TypeError(f"{document.series}-{document.serial} is issued: it is corrected by another document")


event.listen(Invoice, "before_update", _refuse)
event.listen(Invoice, "before_delete", _refuse)
