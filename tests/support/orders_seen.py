"""The orders page as the Vales see it."""

from datetime import timedelta

from portal.actor import SYSTEM, Actor
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import ItemKind, Order
from portal.models.discounts import DiscountKind
from portal.rows.common import LineItem
from portal.rows.orders import OpenedOrder, OrdersView
from portal.services import credit, discounts, orders, payments_received
from portal.services.credit import Cause
from portal.services.discounts import NewDiscount
from portal.services.new_orders import NewItem
from portal.services.ordering import Placed
from tests.factories import NOW, TODAY
from tests.support.buying import Shop


def look(shop: Shop, actor: Actor | None = None, **asked: str) -> OrdersView:
    """The page, with what was told so far."""
    shop.house.db.flush()
    shop.house.db.info.clear()
    return orders.read(shop.house.db, actor or shop.family.guardian, NOW, asked)


def address(shop: Shop, placed: Placed) -> str:
    return shop.house.db.get_one(Order, placed.order_id).public_id


def opened(shop: Shop, placed: Placed) -> OpenedOrder:
    return look(shop, order_id=address(shop, placed)).opened


def account(order: OpenedOrder) -> list[tuple[str, str]]:
    return [(line.label, line.amount) for line in order.lines]


def uses_credit(shop: Shop, placed: Placed, amount: int) -> None:
    house, family = shop.house, shop.family
    credit.move(house.db, family.family_id, CreditEntryKind.PREPAID, amount, Cause("Prepaid"), NOW)
    payments_received.use_credit(house.db, family.guardian, placed.payment_ids[0], amount, "Used", NOW)


def sibling_discount(shop: Shop) -> int:
    new = NewDiscount(
        shop.family.family_id,
        DiscountKind.SIBLING,
        "Sibling discount, 10%",
        TODAY - timedelta(days=90),
        percent_basis_points=1000,
    )
    return discounts.grant(shop.house.db, SYSTEM, new, NOW)


def pass_and_cap(shop: Shop) -> Placed:
    return shop.orders(
        [
            NewItem(ItemKind.PASS, "Open Swim pass", 7500, detail="10 entries, whole family"),
            NewItem(ItemKind.GOODS, "Swim cap", 400, 2, "Small", shop.family["Mila"]),
        ]
    )


def told(rows: tuple[LineItem, ...]) -> list[tuple[str, str, str]]:
    """Title, status and amount of each row."""
    return [(row.title, ", ".join(chip.word for chip in row.chips), row.amount) for row in rows]
