"""One order in full: what was bought, what was taken off, how it was paid, and the passes in it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from portal import i18n, routes
from portal.models.benefits import Pass
from portal.models.commerce import OrderItem
from portal.models.documents import InvoiceKind
from portal.rows.cards import PassCard
from portal.rows.common import Chip, Fact, LineItem
from portal.rows.documents import DocumentRow
from portal.rows.orders import OpenedOrder, OrderLine
from portal.rules.buyers import can_switch
from portal.rules.conditions import first_unmet
from portal.rules.payments import OrderState, PaymentState
from portal.services import benefit_words, document_words, order_words, price_offers
from portal.services import payment_words as words
from portal.services.facts.benefits import pass_fact, passes_query
from portal.services.facts.documents import documents
from portal.services.facts.orders import LineFact, OrderFact
from portal.services.facts.payments import PaymentFact
from portal.services.order_words import Bought
from portal.services.scene import Scene
from portal.words import sentence


def opened(db: Session, scene: Scene, bought: Bought) -> OpenedOrder:
    """Two queries: the passes bought in it, and the documents about it."""
    order = bought.order
    papers = document_words.of_order(scene, documents(db, scene), order.id)
    kept = _buyer_kept(scene, order, papers)
    return OpenedOrder(
        number=order.number,
        date=scene.calendar.full_date(scene.calendar.day(order.created_at)),
        chip=_status(scene, bought),
        lines=(*_items(scene, order), *_account(scene, bought)),
        not_taken_off=_not_taken_off(order) if order.ours else (),
        documents=papers,
        payments=tuple(_payment(scene, fact) for fact in bought.payments),
        passes=_passes(db, scene, order.id),
        buyer=tuple(_buyer(order)) if order.ours else (),
        switch_buyer="" if kept or not _has_buyer(scene, order) else order.public_id,
        buyer_note=kept,
    )


def _status(scene: Scene, bought: Bought) -> Chip:
    """Paid stands out here; what went back is paid no more."""
    if bought.state is OrderState.PAID and order_words.went_back(bought) is None:
        return order_words.PAID
    return order_words.status(scene, bought)


def _items(scene: Scene, order: OrderFact) -> Iterator[OrderLine]:
    """What was bought, each followed by the discounts on it."""
    for line in order.lines:
        amount = scene.money(line.total_minor, order.currency)
        yield OrderLine(line.label, _note(scene, line, order.currency), amount, "item")
        for discount in line.discounts:
            yield OrderLine(discount.label, amount=scene.money(-discount.amount_minor, order.currency))


def _not_taken_off(order: OrderFact) -> tuple[str, ...]:
    """From the price receipt."""
    return order_words.not_taken_off(price_offers.refused(order.price_receipt))


def _note(scene: Scene, line: LineFact, currency: str) -> str:
    """ "Small, for Mila", "2 at €4.00, for Mila"."""
    name = words.face(scene, line.member_id).name
    each = f"{line.quantity} at {scene.money(line.unit_minor, currency)}" if line.quantity > 1 else ""
    return sentence(", ".join(part for part in (line.detail, each, f"for {name}" if name else "") if part))


def _account(scene: Scene, bought: Bought) -> Iterator[OrderLine]:
    """From the total to what was paid or is still to pay: the strong line. The amounts add up."""
    order = bought.order
    money = bought.received_minor - bought.credit_minor

    def line(label: str, amount_minor: int, look: str = "") -> OrderLine:
        return OrderLine(label, amount=scene.money(amount_minor, order.currency), look=look)

    alone = len(order.lines) == 1 and not order.lines[0].discounts
    if not alone or bought.credit_minor or (money and bought.open_minor):
        yield line("Total", order.total_minor)
    if bought.credit_minor and (money or bought.open_minor):
        yield line("Credit used", -bought.credit_minor)
    if bought.open_minor:
        if money:
            yield line("Paid so far", -money)
        moving = bought.state is OrderState.ON_ITS_WAY
        yield line("On its way" if moving else "Still to pay", bought.open_minor, "sum")
    else:
        yield line(_paid_how(bought), money or bought.credit_minor, "sum")
    if bought.refunded_minor:
        yield line("Refunded", bought.refunded_minor)


def _paid_how(bought: Bought) -> str:
    """ "Paid by card"; "Paid" when there was more than one way."""
    if not bought.received_minor:
        return "Nothing to pay"
    ways = {words.method(fact.method) for fact in bought.payments if fact.received_minor}
    return f"Paid {ways.pop()}".strip() if len(ways) == 1 else "Paid"


def _payment(scene: Scene, fact: PaymentFact) -> LineItem:
    came = fact.state in (PaymentState.PAID, PaymentState.REFUNDED)
    return LineItem(
        title=f"Instalment {fact.position} of {fact.of}" if fact.of > 1 else "Payment",
        meta=(fact.reference,),
        chips=(words.payment_chip(scene, fact),),
        amount=scene.money(fact.paid_minor if came else fact.open_minor, fact.currency),
        href=routes.payment(fact.public_id),
    )


def _passes(db: Session, scene: Scene, order_id: int) -> tuple[PassCard, ...]:
    lines = select(col(OrderItem.id)).where(col(OrderItem.order_id) == order_id)
    found = db.execute(passes_query(scene).where(col(Pass.order_item_id).in_(lines))).scalars()
    return tuple(benefit_words.pass_card(scene, pass_fact(row)) for row in found)


def _has_buyer(scene: Scene, order: OrderFact) -> bool:
    """Somebody this family may name: its own order, of a provider that issues invoices."""
    return order.ours and scene.provider.invoices


def _buyer_kept(scene: Scene, order: OrderFact, papers: tuple[DocumentRow, ...]) -> str:
    """Why the buyer stays who it is; empty while it can be changed, or is nobody's business here."""
    if not _has_buyer(scene, order):
        return ""
    invoiced = any(paper.kind == document_words.KINDS[InvoiceKind.INVOICE] for paper in papers)
    broken = first_unmet(can_switch(stands=order.stands, invoiced=invoiced))
    return i18n.say(broken.message_key, broken.values) if broken else ""


def _buyer(order: OrderFact) -> Iterator[Fact]:
    """Only what is known."""
    known = (
        ("Buyer", order.buyer_name),
        ("Address", order.buyer_address),
        ("Company number", order.buyer_company_id),
        ("VAT number", order.buyer_vat_id),
    )
    return (Fact(label, value) for label, value in known if value)
