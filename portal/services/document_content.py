"""What invoices, receipts and credit notes say, made once when they are issued."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.documents import content as contents
from portal.documents.content import Content, Party, PrintedLine, PrintedPart
from portal.models.commerce import Order, Payment, PaymentEvent, PaymentStatus
from portal.models.documents import Invoice
from portal.models.provider import ProviderSettings
from portal.rules import transfers, vat
from portal.services import document_lines, payment_words, provider
from portal.services.bank_account import takes_transfers, transfer_to
from portal.services.document_lines import Writer
from portal.words import calendar, sentence

OPEN = frozenset({PaymentStatus.UNPAID, PaymentStatus.PROCESSING})


def invoice(db: Session, number: str, order: Order, now: datetime) -> Content:
    """What was ordered, what is to be paid and by when; how to transfer the first part that is still open."""
    writer = _writer(db, order.currency)
    payments = _payments(db, order)
    waiting = [payment for payment in payments if payment.status in OPEN and payment.amount_minor]
    due = (("Due", writer.day(waiting[0].due_on)),) if len(waiting) == 1 else ()
    content = replace(
        _of_order(writer, "Invoice", number, order),
        facts=(("Issued", writer.day(now)), ("Order", order.number), *due),
        lines=tuple(document_lines.lines(db, writer, order)),
        taxes=tuple(document_lines.tax(writer, row) for row in document_lines.taxed(db, order))
        if writer.is_taxed
        else (),
        total_label="Total to pay" if waiting else "Total",
        total=writer.money(order.total_minor),
        parts=tuple(_part(writer, payment, len(payments)) for payment in waiting),
        notes=_notes(writer),
    )
    return _with_transfer(writer, content, waiting)


def receipt(
    db: Session, number: str, payment: Payment, event: PaymentEvent, corrects: str, now: datetime
) -> Content:
    """What came, when, how and what for; with `corrects`, that it was taken back from this payment."""
    order = db.get_one(Order, payment.order_id)
    writer = _writer(db, payment.currency)
    what = PrintedLine(
        payment.label, f"Order {order.number}, {payment.reference}", total=writer.money(event.amount_minor)
    )
    came = ("Corrects", corrects) if corrects else ("Received", writer.day(event.at))
    how = sentence(payment_words.method(event.method))
    issued = ("Issued", writer.day(now))
    return replace(
        _of_order(writer, "Receipt", number, order),
        facts=(came, issued) if corrects else (came, *((("How", how),) if how else ()), issued),
        lines=(what,),
        total_label="Taken back" if corrects else "Received with thanks",
        total=writer.money(event.amount_minor),
    )


def credit_note(
    db: Session, number: str, of: Invoice, before: Sequence[int], amount_minor: int, words: str, now: datetime
) -> Content:
    """A part of an invoice, or all of it, taken back after so much `before`; the tax in the invoice's proportion."""
    order = db.get_one(Order, of.order_id)
    writer, invoiced = _writer(db, of.currency), contents.from_json(of.content)
    taxed = document_lines.taxed(db, order) if writer.is_taxed else []
    taxes = vat.taken_back(taxed, before, amount_minor) if taxed else []
    return replace(
        _of_order(writer, "Credit note", number, order),
        buyer=invoiced.buyer,
        facts=(("Issued", writer.day(now)), ("To invoice", invoiced.number), ("Order", order.number)),
        lines=(PrintedLine(words, total=writer.money(-amount_minor)),),
        taxes=tuple(document_lines.tax(writer, row) for row in taxes if row.total_minor),
        total_label="Total credited",
        total=writer.money(-amount_minor),
        notes=_notes(writer),
    )


def seller_of(settings: ProviderSettings) -> Party:
    """The provider as its documents name it."""
    return Party(settings.legal_name or settings.name, tuple(_seller(settings)))


def contact_of(settings: ProviderSettings) -> str:
    """Whom to ask, in one line."""
    known = (settings.contact_email, settings.contact_phone, settings.website)
    return " · ".join(one for one in known if one)


def _writer(db: Session, currency: str) -> Writer:
    settings = provider.get(db)
    return Writer(settings, calendar(settings.timezone, settings.locale), currency)


def _of_order(writer: Writer, title: str, number: str, order: Order) -> Content:
    """What every document about an order begins with."""
    settings = writer.settings
    return Content(
        title=title,
        number=number,
        language=settings.locale.replace("_", "-"),
        seller=seller_of(settings),
        buyer=Party(order.buyer_name, tuple(_buyer(order))),
        contact=contact_of(settings),
    )


def _seller(settings: ProviderSettings) -> Iterator[str]:
    yield from (line.strip() for line in settings.address.splitlines() if line.strip())
    named = (
        ("Company number", settings.company_id),
        ("Tax number", settings.tax_id),
        ("VAT number", settings.vat_id),
    )
    yield from (f"{label} {value}" for label, value in named if value)


def _buyer(order: Order) -> Iterator[str]:
    yield from (line.strip() for line in order.buyer_address.splitlines() if line.strip())
    named = (("Company number", order.buyer_company_id), ("VAT number", order.buyer_vat_id))
    yield from (f"{label} {value}" for label, value in named if value)


def _payments(db: Session, order: Order) -> Sequence[Payment]:
    query = select(Payment).where(col(Payment.order_id) == order.id).order_by(col(Payment.position))
    return db.execute(query).scalars().all()


def _part(writer: Writer, payment: Payment, of: int) -> PrintedPart:
    label = f"{payment.position} of {of}" if of > 1 else "Payment"
    still = max(0, payment.amount_minor - payment.received_minor)
    return PrintedPart(label, writer.day(payment.due_on), payment.reference, writer.money(still))


def _notes(writer: Writer) -> tuple[str, ...]:
    return ("Prices include VAT.",) if writer.is_taxed else ("We are not registered for VAT.",)


def _with_transfer(writer: Writer, content: Content, waiting: Sequence[Payment]) -> Content:
    """The account and the picture, for the first payment that is still open."""
    if not waiting or not takes_transfers(writer.settings):
        return content
    first, symbol = waiting[0], transfers.payment_symbol(waiting[0].reference)
    still = first.amount_minor - first.received_minor
    transfer = transfer_to(writer.settings, still, writer.currency, first.reference, symbol, first.label)
    standard = transfers.code_standard(writer.settings.country, writer.currency)
    return contents.with_transfer(content, transfer, standard)
