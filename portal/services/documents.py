"""Issuing numbered documents: an invoice of what is ordered, a receipt of what came, a credit note of what went back.

The `on_...` functions are called where it happens, in the same transaction. A provider that issues no invoices has
none of it. What is issued is never changed: another document corrects it.
"""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.documents import content as contents
from portal.documents.content import Content
from portal.models.commerce import Order, OrderStatus, Payment, PaymentEvent
from portal.models.documents import Invoice, InvoiceKind
from portal.services import document_content, document_news, provider
from portal.services.document_numbers import next_serial, shown, take_series
from portal.services.storing import store


def on_ordered(db: Session, order_id: int, now: datetime) -> None:
    """The invoice, unless the provider issues it with the first money."""
    settings = provider.get(db)
    if settings.invoices and not settings.invoice_when_paid:
        _issue_invoice(db, order_id, now)


def on_received(db: Session, event: PaymentEvent, now: datetime) -> None:
    """The receipt of this money, and before it the invoice of what is ordered, when there is none yet."""
    settings = provider.get(db)
    if not settings.invoices:
        return
    payment = db.get_one(Payment, event.payment_id)
    order = db.get_one(Order, payment.order_id)
    if settings.invoice_when_paid and order.status == OrderStatus.STANDING:
        _issue_invoice(db, payment.order_id, now)
    _issue_receipt(db, payment, event, None, now)


def on_taken_back(db: Session, event: PaymentEvent, received: PaymentEvent, now: datetime) -> None:
    """A correction takes money back that was somebody else's: a receipt of minus as much, naming the first."""
    of_first = select(Invoice).where(col(Invoice.payment_event_id) == received.id)
    first = db.execute(of_first).scalar()
    if first is not None:
        _issue_receipt(db, db.get_one(Payment, event.payment_id), event, first, now)


def on_refunded(db: Session, event: PaymentEvent, now: datetime) -> None:
    """The credit note of what went back, to the invoice of its order."""
    payment = db.get_one(Payment, event.payment_id)
    words = f"Refund of {payment.label}"
    _issue_credit_note(db, payment.order_id, event.amount_minor, words, now, event)


def on_void(db: Session, order_id: int, amount_minor: int, now: datetime) -> None:
    """The credit note of what an order no longer asks for."""
    _issue_credit_note(db, order_id, amount_minor, "No longer to be paid", now)


def issue_again(db: Session, order_id: int, now: datetime) -> None:
    """Take the order's invoice back with a credit note and issue another, with what the order says now."""
    take_series(
        db, InvoiceKind.INVOICE, now
    )  # always before the one of credit notes, so that nobody waits in a circle
    before = invoice_of(db, order_id)
    if before is not None:
        _issue_credit_note(db, order_id, before.total_minor, "Replaced by another invoice", now)
    _issue_invoice(db, order_id, now, again=True)


def invoice_of(db: Session, order_id: int) -> Invoice | None:
    """The order's invoice that stands: the newest."""
    of_order = (col(Invoice.order_id) == order_id, col(Invoice.kind) == InvoiceKind.INVOICE)
    newest = select(Invoice).where(*of_order).order_by(col(Invoice.id).desc()).limit(1)
    return db.execute(newest).scalar()


def _issue_invoice(db: Session, order_id: int, now: datetime, *, again: bool = False) -> None:
    """Once an order: the series is taken before looking, so two who look at once see each other's."""
    order = db.get_one(Order, order_id)
    series = take_series(db, InvoiceKind.INVOICE, now)
    if not order.total_minor or (invoice_of(db, order_id) is not None and not again):
        return
    serial = next_serial(db, series)
    content = document_content.invoice(db, shown(series, serial), order, now)
    row = _row(InvoiceKind.INVOICE, order_id, order, series, serial)
    _store(db, row, order.total_minor, content, now)


def _issue_receipt(
    db: Session, payment: Payment, event: PaymentEvent, first: Invoice | None, now: datetime
) -> None:
    """Of money that came; with `first`, of money that turned out not to be this payment's."""
    series = take_series(db, InvoiceKind.RECEIPT, now)
    serial = next_serial(db, series)
    corrects = shown(first.series, first.serial) if first else ""
    content = document_content.receipt(db, shown(series, serial), payment, event, corrects, now)
    row = _row(InvoiceKind.RECEIPT, payment.order_id, payment, series, serial, event)
    row.refers_to_id = first.id if first else None
    _store(db, row, event.amount_minor, content, now)


def _issue_credit_note(
    db: Session,
    order_id: int,
    amount_minor: int,
    words: str,
    now: datetime,
    event: PaymentEvent | None = None,
) -> None:
    """No more than the invoice still stands for; nothing without an invoice."""
    if not provider.get(db).invoices:
        return
    series = take_series(db, InvoiceKind.CREDIT_NOTE, now)
    of = invoice_of(db, order_id)
    if of is None:
        return
    before = _credited(db, of)
    amount_minor = min(amount_minor, of.total_minor - sum(before))
    if amount_minor <= 0:
        return
    serial = next_serial(db, series)
    content = document_content.credit_note(db, shown(series, serial), of, before, amount_minor, words, now)
    row = _row(InvoiceKind.CREDIT_NOTE, order_id, of, series, serial, event)
    row.refers_to_id = of.id
    _store(db, row, -amount_minor, content, now)


def _credited(db: Session, of: Invoice) -> list[int]:
    """What was taken back of an invoice, credit note by credit note."""
    notes = select(col(Invoice.total_minor)).where(col(Invoice.refers_to_id) == of.id)
    return [-amount for amount in db.execute(notes.order_by(col(Invoice.id))).scalars()]


def _row(
    kind: InvoiceKind,
    order_id: int,
    of: Order | Payment | Invoice,
    series: str,
    serial: int,
    event: PaymentEvent | None = None,
) -> Invoice:
    return Invoice(
        family_id=of.family_id,
        order_id=order_id,
        payment_id=event.payment_id if event else None,
        payment_event_id=event.id if event else None,
        kind=kind,
        series=series,
        serial=serial,
        total_minor=0,
        currency=of.currency,
    )


def _store(db: Session, row: Invoice, total_minor: int, content: Content, now: datetime) -> None:
    row.total_minor, row.content, row.issued_at = total_minor, contents.to_json(content), now
    store(db, row)
    document_news.tell(db, row, content, now)
