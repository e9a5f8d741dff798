"""The payments page as the Vales see it."""

from portal.actor import Actor
from portal.rows.payments import OpenedPayment, PaymentsView
from portal.services import payments
from portal.services.ordering import Placed
from tests.factories import NOW
from tests.support.buying import LATE, LATER, Shop


def look(shop: Shop, actor: Actor | None = None, **asked: str) -> PaymentsView:
    """The page, read anew."""
    shop.house.db.flush()
    shop.house.db.info.clear()
    return payments.read(shop.house.db, actor or shop.family.guardian, NOW, asked)


def opened(shop: Shop, placed: Placed, part: int = 1) -> OpenedPayment:
    """One payment of an order, opened."""
    return look(shop, open=shop.payment(placed, part).public_id).opened


def ballet(shop: Shop) -> Placed:
    """Three instalments: paid, overdue, upcoming."""
    placed = shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER, member="Juno")
    shop.pays(placed, 6200)
    return placed
