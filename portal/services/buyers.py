"""Who an order is invoiced to: changed by the family until the invoice has its number."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.commerce import Order, OrderStatus
from portal.models.documents import InvoiceKind
from portal.rows.buyers import BuyerSheet
from portal.rules.buyers import Buyer, can_switch, is_named
from portal.rules.conditions import Condition, refuse_unless_all
from portal.services import documents, provider
from portal.services.document_numbers import take_series
from portal.services.visibility import of_family


def sheet(db: Session, actor: Actor, order_id: str, _now: datetime) -> BuyerSheet:
    """What stands on the order now; refused when its invoice has its number."""
    order = _order(db, actor, order_id)
    refuse_unless_all(_conditions(db, order))
    return BuyerSheet(
        order=order.public_id,
        why=f"Order {order.number}. Its invoice will say this.",
        name=order.buyer_name,
        address=order.buyer_address,
        company_id=order.buyer_company_id,
        vat_id=order.buyer_vat_id,
    )


def switch(db: Session, actor: Actor, order_id: str, buyer: Buyer, now: datetime) -> str:
    """The order is invoiced to somebody else from now on; what to tell the family."""
    # Whoever issues takes the series first, so an invoice is there before this, or comes after it.
    take_series(db, InvoiceKind.INVOICE, now)
    order, to = _order(db, actor, order_id), buyer.tidied()
    refuse_unless_all([*_conditions(db, order), *is_named(to)])
    order.buyer_name, order.buyer_address = to.name, to.address
    order.buyer_company_id, order.buyer_vat_id = to.company_id, to.vat_id
    db.flush()
    return f"The invoice will be to {to.name}"


def _conditions(db: Session, order: Order) -> list[Condition]:
    invoiced = documents.invoice_of(db, order.id or 0) is not None
    return can_switch(stands=order.status == OrderStatus.STANDING, invoiced=invoiced)


def _order(db: Session, actor: Actor, order_id: str) -> Order:
    """The family's own; NotFound for anybody else, and where the provider issues no invoices."""
    asked = select(Order).where(col(Order.public_id) == order_id, of_family(Order, actor))
    found = db.execute(asked).scalar()
    if found is None or not provider.get(db).invoices:
        raise NotFound
    return found
