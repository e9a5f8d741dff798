"""What the ledgers of money must be after everything that was done: read from the rows alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from portal.models.banking import BankLine, BankLineStatus
from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.models.checkouts import Checkout, CheckoutPart, CheckoutStatus
from portal.models.commerce import (
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from portal.models.discounts import OrderDiscount
from portal.models.documents import Invoice, InvoiceKind
from portal.models.people import AuditEntry
from tests.support.books import Books

_COUNTED = (PaymentEventKind.RECEIVED, PaymentEventKind.CREDIT_USED, PaymentEventKind.CORRECTED)
_BEYOND = (CreditEntryKind.OVERPAYMENT, CreditEntryKind.CORRECTED)
_CAME = (PaymentEventKind.RECEIVED, PaymentEventKind.CORRECTED)
_GIVEN = (CreditEntryKind.PREPAID, CreditEntryKind.COMPENSATION)

BEYOND = "checkout.refunded_beyond"
"""Its words begin with what the gateway gave back beyond what was here."""


def faults(books: Books) -> list[str]:
    """Everything that does not add up, in words."""
    checks = (_balance, _orders, _payments, _credit, _states, _visits, _bank, _refunds, _documents)
    return [fault for check in checks for fault in check(books)]


def _balance(books: Books) -> Iterator[str]:
    """All that came, less all that went back, is what was paid for or waits as credit."""
    came = [event for event in books[PaymentEvent] if event.kind in _CAME]
    back = _of(books[PaymentEvent], PaymentEventKind.REFUNDED)
    lines = [
        line
        for line in books[CreditEntry]
        if line.kind in _GIVEN or (line.kind == CreditEntryKind.CORRECTED and line.payment_id is None)
    ]
    total = _sum(came, "amount_minor") + _sum(lines, "change_minor")
    total -= _sum([event for event in back if event.method != PaymentMethod.CREDIT], "amount_minor")
    if total != worth(books):
        yield f"{total} came and stayed, {worth(books)} is in payments and credit"


def _orders(books: Books) -> Iterator[str]:
    """Lines less discounts are the total, and the payments add up to it."""
    items, off = books.by(OrderItem, "order_id"), books.by(OrderDiscount, "order_id")
    payments = books.by(Payment, "order_id")
    for order in books[Order]:
        lines = _sum(items[order.id], "total_minor") - _sum(off[order.id], "amount_minor")
        asked = _sum(payments[order.id], "amount_minor")
        if not order.total_minor == lines == asked:
            yield f"order {order.id}: {order.total_minor} in all, {lines} in its lines, {asked} in its payments"


def _payments(books: Books) -> Iterator[str]:
    """What came is what was received and what of it became credit; what went back is what was refunded."""
    events, lines = books.by(PaymentEvent, "payment_id"), books.by(CreditEntry, "payment_id")
    for one in books[Payment]:
        mine = events[one.id]
        came = _sum([event for event in mine if event.kind in _COUNTED], "amount_minor")
        beyond = _sum([line for line in lines[one.id] if line.kind in _BEYOND], "change_minor")
        back = _sum(_of(mine, PaymentEventKind.REFUNDED), "amount_minor")
        if came != one.received_minor + beyond:
            yield f"payment {one.id}: {came} came, {one.received_minor} received and {beyond} to credit"
        if back != one.refunded_minor:
            yield f"payment {one.id}: {back} went back, {one.refunded_minor} refunded"


def _credit(books: Books) -> Iterator[str]:
    """What credit paid, and what went back to it, is written on both sides."""
    events, lines = books.by(PaymentEvent, "payment_id"), books.by(CreditEntry, "payment_id")
    for one in books[Payment]:
        used = _sum(_of(events[one.id], PaymentEventKind.CREDIT_USED), "amount_minor")
        back = _of(events[one.id], PaymentEventKind.REFUNDED)
        returned = _sum([event for event in back if event.method == PaymentMethod.CREDIT], "amount_minor")
        if used != -_sum(_of(lines[one.id], CreditEntryKind.USED), "change_minor"):
            yield f"payment {one.id}: {used} paid with credit, and another sum left the credit"
        if returned != _sum(_of(lines[one.id], CreditEntryKind.REFUND), "change_minor"):
            yield f"payment {one.id}: {returned} returned to credit, and another sum came there"


def _states(books: Books) -> Iterator[str]:
    """A payment's status says what its sums say, and nothing of a cancelled order is asked for."""
    orders = books.by_id(Order)
    for one in books[Payment]:
        whole = one.received_minor >= one.amount_minor
        stands = orders[one.order_id].status == OrderStatus.STANDING
        held = one.received_minor > one.refunded_minor
        right = {
            PaymentStatus.UNPAID: stands and not whole,
            PaymentStatus.PROCESSING: stands and not whole,
            PaymentStatus.PAID: whole and (held or not one.received_minor),
            PaymentStatus.REFUNDED: not held and one.refunded_minor > 0,
            PaymentStatus.VOID: not stands and not whole,
        }
        if not right[PaymentStatus(one.status)]:
            yield f"payment {one.id} is {one.status}: {tuple(one)}"


def _visits(books: Books) -> Iterator[str]:
    """Of what a gateway took and gave back, every cent is in a row that names the visit."""
    parts = books.by(CheckoutPart, "checkout_id")
    told = books.by(AuditEntry, "subject")
    for one in books[Checkout]:
        named = [event for event in books[PaymentEvent] if f":{one.public_id}:" in (event.external_id or "")]
        came = _sum(_of(named, PaymentEventKind.RECEIVED), "amount_minor")
        back = _sum(_of(named, PaymentEventKind.REFUNDED), "amount_minor")
        back -= _sum(_of(named, PaymentEventKind.CORRECTED), "amount_minor")
        back += sum(int(note.detail.split()[0]) for note in told[one.public_id] if note.action == BEYOND)
        if (came, back) != (one.received_minor, one.refunded_minor):
            here = one.received_minor, one.refunded_minor
            yield f"visit {one.id}: {here} came and went, its rows say {came}, {back}"
        asked = _sum(parts[one.id], "amount_minor"), _sum(parts[one.id], "credit_minor")
        if asked != (one.amount_minor, one.credit_minor):
            yield f"visit {one.id}: its parts are {asked}"


def _bank(books: Books) -> Iterator[str]:
    """A line that is matched has paid exactly its sum; one that is not has left nothing behind."""
    for line in books[BankLine]:
        mark = f"bank:{line.public_id}:"
        named = [event for event in books[PaymentEvent] if (event.external_id or "").startswith(mark)]
        paid = _sum(named, "amount_minor") + line.credited_minor
        if paid != (line.amount_minor if line.status == BankLineStatus.MATCHED else 0):
            yield f"bank line {line.id} of {line.amount_minor} is {line.status}, and paid {paid}"


def _refunds(books: Books) -> Iterator[str]:
    """What is settled has its time, what is not has none."""
    for one in books[Refund]:
        if (one.status == RefundStatus.ASKED) is not (one.settled_at is None):
            yield f"refund {one.id} is {one.status}, settled {one.settled_at}"


def _documents(books: Books) -> Iterator[str]:
    """Numbers without a gap; a receipt for each movement, its sum; no more credited than invoiced."""
    events = books.by_id(PaymentEvent)
    for series, rows in books.by(Invoice, "series").items():
        if sorted(row.serial for row in rows) != list(range(1, len(rows) + 1)):
            yield f"series {series} has a gap"
    for row in _of(books[Invoice], InvoiceKind.RECEIPT):
        if row.total_minor != events[row.payment_event_id].amount_minor:
            yield f"receipt {row.id} says {row.total_minor}"
    notes: Counter[int] = Counter()
    for row in _of(books[Invoice], InvoiceKind.CREDIT_NOTE):
        notes[row.refers_to_id] += row.total_minor
    for row in _of(books[Invoice], InvoiceKind.INVOICE):
        if not 0 <= row.total_minor + notes[row.id] <= row.total_minor:
            yield f"invoice {row.id} over {row.total_minor}: {notes[row.id]} in its credit notes"


_ANY = {*PaymentStatus}
_FORWARD: dict[type[Any], dict[str, set[Any]]] = {
    Payment: {
        PaymentStatus.UNPAID: _ANY,
        PaymentStatus.PROCESSING: _ANY,
        PaymentStatus.PAID: {PaymentStatus.REFUNDED},
        PaymentStatus.VOID: {PaymentStatus.REFUNDED},
        PaymentStatus.REFUNDED: set(),
    },
    Order: {OrderStatus.STANDING: {OrderStatus.CANCELLED}, OrderStatus.CANCELLED: set()},
    Refund: {
        RefundStatus.ASKED: {*RefundStatus},
        RefundStatus.DONE: set(),
        RefundStatus.REFUSED: set(),
    },
    Checkout: {
        CheckoutStatus.OPEN: {*CheckoutStatus},
        CheckoutStatus.PROCESSING: {CheckoutStatus.PAID, CheckoutStatus.EXPIRED},
        CheckoutStatus.EXPIRED: {CheckoutStatus.PAID},
        CheckoutStatus.PAID: set(),
    },
}
"""Where each may go from where it was."""
_KEPT: dict[Any, tuple[str, ...]] = {
    Payment: ("amount_minor", "order_id"),
    Order: ("total_minor", "number"),
    Refund: ("amount_minor",),
}
"""What was agreed is never another sum afterwards."""
_GROWS: dict[Any, tuple[str, ...]] = {
    Payment: ("refunded_minor",),
    Checkout: ("received_minor", "refunded_minor"),
}


def went_back(before: Books, after: Books) -> Iterator[str]:
    """Whatever is not where it may be from where it was; only a correcting row makes a payment open again."""
    corrected = {
        event.payment_id
        for event in _of(after[PaymentEvent][len(before[PaymentEvent]) :], PaymentEventKind.CORRECTED)
    }
    for table, forward in _FORWARD.items():
        found = after.by_id(table)
        for was in before[table]:
            now = found[was.id]
            may = {was.status, *forward[was.status]}
            if now.status not in may and not (table is Payment and now.id in corrected):
                yield f"{table.__name__} {was.id} was {was.status} and is {now.status}"
            if any(getattr(was, name) != getattr(now, name) for name in _KEPT.get(table, ())):
                yield f"{table.__name__} {was.id} is about another sum"
            if any(getattr(was, name) > getattr(now, name) for name in _GROWS.get(table, ())):
                yield f"{table.__name__} {was.id} has less than it had"


def worth(books: Books) -> int:
    """What families have with the provider: paid for and not given back, or waiting as credit."""
    kept = _sum(books[Payment], "received_minor") - _sum(books[Payment], "refunded_minor")
    return kept + _sum(books[CreditEntry], "change_minor")


def _of(rows: Sequence[Row[Any]], kind: str) -> list[Row[Any]]:
    return [row for row in rows if row.kind == kind]


def _sum(rows: Sequence[Row[Any]], name: str) -> int:
    return sum(getattr(row, name) for row in rows)
