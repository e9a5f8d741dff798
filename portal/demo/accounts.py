"""How the demo's families pay: each order by one habit, so that every state of a payment is somewhere."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.actor import SYSTEM
from portal.demo.days import ZONE
from portal.demo.house import House
from portal.demo.story import Story
from portal.models.commerce import ItemKind, PaymentMethod
from portal.services import ordering, payments_received, payments_returned
from portal.services.enrolment import Booked
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed

TWO_WEEKS, MONTH = timedelta(days=14), timedelta(days=30)
TOO_MUCH = 500


class Habit(StrEnum):
    """What a family does about an order."""

    CARD = "card"
    TRANSFER = "transfer"
    ANNOUNCED = "announced"
    INSTALMENTS = "instalments"
    LATE = "late"
    PART = "part"
    TOO_MUCH = "too_much"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Accounts:
    """Orders of the demo's other families, and what becomes of them."""

    def __init__(self, house: House, story: Story) -> None:
        self.house, self.story, self.db = house, story, house.db

    def buy_course(
        self,
        family_id: int,
        guardian_id: int,
        member_id: int,
        key: str,
        booked: Booked,
        habit: Habit,
        now: datetime,
    ) -> None:
        """The booking's order, and its payments as the habit has it."""
        offered = self.house.meets[key]
        item = NewItem(
            ItemKind.BOOKING,
            offered.name,
            offered.price_minor,
            member_id=member_id,
            booking_id=booked.booking_id,
        )
        self.buy(family_id, guardian_id, [item], habit, now)

    def buy(
        self, family_id: int, guardian_id: int, items: Sequence[NewItem], habit: Habit, now: datetime
    ) -> Placed:
        """An order, and its payments as the habit has it."""
        due = (
            _thirds(_day(now)) if habit is Habit.INSTALMENTS else [DueDate(_day(now), _day(now) + TWO_WEEKS)]
        )
        placed = ordering.place(self.db, SYSTEM, NewOrder(family_id, items, due, guardian_id), now)
        total = sum(item.unit_minor * item.quantity for item in items)
        acts = {
            Habit.CARD: lambda: self._receive_later(placed, total, PaymentMethod.CARD, 0, now),
            Habit.TRANSFER: lambda: self._receive_later(placed, total, PaymentMethod.BANK_TRANSFER, 9, now),
            Habit.ANNOUNCED: lambda: self._announce_later(placed, now),
            Habit.INSTALMENTS: lambda: self._receive_later(
                placed, -(-total // 3), PaymentMethod.CARD, 2, now
            ),
            Habit.LATE: lambda: None,
            Habit.PART: lambda: self._receive_later(placed, total // 2, PaymentMethod.CASH, 4, now),
            Habit.TOO_MUCH: lambda: self._receive_later(
                placed, total + TOO_MUCH, PaymentMethod.BANK_TRANSFER, 6, now
            ),
            Habit.REFUNDED: lambda: self._refund_later(placed, total, now),
            Habit.CANCELLED: lambda: self.story.at(
                now + MONTH, lambda later: ordering.cancel(self.db, SYSTEM, placed.order_id, later)
            ),
        }
        acts[habit]()
        return placed

    def _receive_later(
        self, placed: Placed, amount: int, method: PaymentMethod, days: int, now: datetime
    ) -> None:
        payment_id = placed.payment_ids[0]
        self.story.at(
            now + timedelta(days=days, minutes=7),
            lambda later: payments_received.receive(self.db, SYSTEM, payment_id, amount, method, later),
        )

    def _announce_later(self, placed: Placed, now: datetime) -> None:
        payment_id = placed.payment_ids[0]
        self.story.at(
            now + timedelta(hours=3),
            lambda later: payments_received.announce(self.db, SYSTEM, payment_id, later),
        )

    def _refund_later(self, placed: Placed, total: int, now: datetime) -> None:
        self._receive_later(placed, total, PaymentMethod.CARD, 1, now)
        payment_id, words = placed.payment_ids[0], "Paid back after a change of plans"
        self.story.at(
            now + MONTH,
            lambda later: payments_returned.refund_to_credit(
                self.db, SYSTEM, payment_id, total, words, later
            ),
        )


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _thirds(day: date) -> list[DueDate]:
    return [DueDate(day + MONTH * at, day + MONTH * at + TWO_WEEKS) for at in range(3)]
