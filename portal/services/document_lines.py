"""The lines of a document about an order, and the tax in them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal import money
from portal.documents.content import PrintedLine, PrintedTax
from portal.models.commerce import ItemKind, Order, OrderItem
from portal.models.discounts import OrderDiscount
from portal.models.people import Member
from portal.models.provider import ProviderSettings
from portal.rules import vat
from portal.rules.splits import split
from portal.rules.vat import Taxed
from portal.words import Calendar, sentence


@dataclass(frozen=True)
class Writer:
    """Who writes, in which language and currency."""

    settings: ProviderSettings
    calendar: Calendar
    currency: str

    @property
    def is_taxed(self) -> bool:
        """The provider is registered for VAT."""
        return bool(self.settings.vat_id)

    def money(self, amount_minor: int) -> str:
        """An amount as the document shows it."""
        return money.show(amount_minor, self.currency, self.settings.locale)

    def day(self, of: date | datetime) -> str:
        """ "12 March 2026"."""
        return self.calendar.full_date(self.calendar.day(of) if isinstance(of, datetime) else of)


def lines(db: Session, writer: Writer, order: Order) -> Iterator[PrintedLine]:
    """Every line, each followed by what was taken off it; discounts of the whole order at the end."""
    members = select(Member).where(col(Member.family_id) == order.family_id)
    names = {member.id: member.first_name for member in db.execute(members).scalars()}
    taken = _discounts(db, order)
    for item in _items(db, order):
        for_whom = f"for {names[item.member_id]}" if item.member_id in names else ""
        yield PrintedLine(
            label=item.label,
            note=sentence(", ".join(part for part in (item.detail, for_whom) if part)),
            quantity=str(item.quantity),
            price=writer.money(item.unit_minor),
            rate=_percent(item.vat_basis_points) if writer.is_taxed else "",
            total=writer.money(item.total_minor),
        )
        yield from (_discount(writer, off) for off in taken[item.id])
    yield from (_discount(writer, off) for off in taken[None])


def _discount(writer: Writer, off: OrderDiscount) -> PrintedLine:
    return PrintedLine(off.label, total=writer.money(-off.amount_minor))


def _items(db: Session, order: Order) -> Sequence[OrderItem]:
    query = select(OrderItem).where(col(OrderItem.order_id) == order.id).order_by(col(OrderItem.position))
    return db.execute(query).scalars().all()


def _discounts(db: Session, order: Order) -> dict[int | None, list[OrderDiscount]]:
    """By line; under None those of the whole order."""
    found: dict[int | None, list[OrderDiscount]] = defaultdict(list)
    query = (
        select(OrderDiscount).where(col(OrderDiscount.order_id) == order.id).order_by(col(OrderDiscount.id))
    )
    for off in db.execute(query).scalars():
        found[off.order_item_id].append(off)
    return found


def taxed(db: Session, order: Order) -> list[Taxed]:
    """What each rate was charged on, after discounts; one of the whole order is spread over its lines."""
    taken = _discounts(db, order)
    items = _items(db, order)
    lines = [
        (item.vat_basis_points, item.total_minor - sum(off.amount_minor for off in taken[item.id]))
        for item in items
    ]
    off_all = sum(off.amount_minor for off in taken[None])
    if off_all:
        # Prepaid credit costs what it is worth: no voucher was taken off it.
        reached = [item.kind != ItemKind.CREDIT for item in items]
        shares = split(off_all, [price * of_it for (_, price), of_it in zip(lines, reached, strict=True)])
        lines = [(rate, price - share) for (rate, price), share in zip(lines, shares, strict=True)]
    return vat.by_rate(lines)


def tax(writer: Writer, row: Taxed) -> PrintedTax:
    """One rate, as printed."""
    amounts = (writer.money(amount) for amount in (row.base_minor, row.vat_minor, row.total_minor))
    return PrintedTax(_percent(row.rate), *amounts)


def _percent(basis_points: int) -> str:
    """ "23%", "12.5%"."""
    return f"{basis_points / 100:g}%"
