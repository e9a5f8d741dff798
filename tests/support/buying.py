"""Orders and what comes of them, told in a line each."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.actor import SYSTEM
from portal.models.commerce import ItemKind, Payment, PaymentMethod
from portal.services import ordering, payments_received
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed
from tests.factories import NOW, TODAY, Household, Otterbrook

ASKED_TODAY = DueDate(TODAY, TODAY + timedelta(days=8))
LATE = DueDate(date(2026, 2, 20), date(2026, 3, 6))
LATER = DueDate(date(2026, 3, 23), date(2026, 4, 6))


@dataclass(frozen=True)
class Shop:
    """A family's account with the provider."""

    house: Otterbrook
    family: Household

    def buys(self, label: str, amount: int, *due: DueDate, member: str = "", detail: str = "") -> Placed:
        """An order of one line, to be paid on these dates."""
        item = NewItem(
            ItemKind.GOODS, label, amount, member_id=self.family[member] if member else None, detail=detail
        )
        return self.orders([item], *due)

    def orders(self, items: list[NewItem], *due: DueDate) -> Placed:
        """An order of these lines."""
        new = NewOrder(self.family.family_id, items, due or (ASKED_TODAY,), self.family.guardian_id)
        return ordering.place(self.house.db, SYSTEM, new, NOW - timedelta(days=43))

    def pays(
        self, placed: Placed, amount: int, method: PaymentMethod = PaymentMethod.CARD, part: int = 1
    ) -> None:
        """Money comes for one of its payments."""
        at = NOW - timedelta(days=35)
        payments_received.receive(self.house.db, SYSTEM, placed.payment_ids[part - 1], amount, method, at)

    def payment(self, placed: Placed, part: int = 1) -> Payment:
        """The payment as it is stored."""
        self.house.db.flush()
        return self.house.db.get_one(Payment, placed.payment_ids[part - 1], populate_existing=True)
