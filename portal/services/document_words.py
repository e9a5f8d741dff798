"""Which documents belong to a payment or an order, as a page shows them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from portal import routes
from portal.models.documents import InvoiceKind
from portal.rows.common import Link
from portal.rows.documents import DocumentRow
from portal.services.facts.documents import DocumentFact
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene

KINDS = {
    InvoiceKind.INVOICE: "Invoice",
    InvoiceKind.RECEIPT: "Receipt",
    InvoiceKind.CREDIT_NOTE: "Credit note",
}


def of_payment(
    scene: Scene, documents: Iterable[DocumentFact], payment: PaymentFact
) -> tuple[DocumentRow, ...]:
    """Those of its whole order, and its own; another instalment's are not among them."""
    return of_order(
        scene,
        [one for one in documents if one.payment_id in (None, payment.id)],
        payment.order_id,
    )


def of_order(scene: Scene, documents: Iterable[DocumentFact], order_id: int) -> tuple[DocumentRow, ...]:
    """Invoices first, then receipts, then credit notes; the newest of each first."""
    found = sorted(
        (one for one in documents if one.order_id == order_id), key=lambda one: list(KINDS).index(one.kind)
    )
    several = Counter(one.kind for one in found)
    return tuple(_row(scene, one, alone=several[one.kind] == 1) for one in found)


def to_take_along(documents: Sequence[DocumentFact], payment: PaymentFact) -> Link:
    """What stands behind a paid payment in a list: its newest receipt, else the order's invoice."""
    receipt = next(
        (one for one in documents if one.payment_id == payment.id and one.kind is InvoiceKind.RECEIPT), None
    )
    invoice = next(
        (one for one in documents if one.order_id == payment.order_id and one.kind is InvoiceKind.INVOICE),
        None,
    )
    found = receipt or invoice
    if found is None:
        return Link()
    return Link(routes.document(found.public_id), f"{KINDS[found.kind]} for {payment.label}", "download")


def _row(scene: Scene, one: DocumentFact, *, alone: bool) -> DocumentRow:
    kind = KINDS[one.kind]
    day = scene.calendar.date(scene.calendar.day(one.issued_at), scene.today)
    return DocumentRow(kind, one.number, kind if alone else f"{kind}, {day}", routes.document(one.public_id))
