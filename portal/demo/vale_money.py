"""The Vales' orders, payments, credit, discounts and passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from portal.actor import SYSTEM
from portal.demo.story import Story
from portal.demo.vale import Vales
from portal.models.benefits import PassKind
from portal.models.commerce import ItemKind, PaymentMethod
from portal.models.discounts import DiscountKind
from portal.rules.passes import Visit
from portal.services import (
    discounts,
    drop_ins,
    enrolment,
    ordering,
    passes,
    payments_received,
    payments_returned,
    timetable,
)
from portal.services.discounts import NewDiscount
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed
from portal.services.passes import NewPass

CAP, POOL_PASS = 800, 7500
WINTER_CAMP = 4000
WELCOME, TRIAL = 1500, 900
SPANISH = -55
"""The day on which Theo’s Spanish is ordered."""
TODDLER_VISITS = (-205, -198, -184, -170)


class ValeMoney:
    """What the family bought and how it paid."""

    def __init__(self, vales: Vales, story: Story) -> None:
        self.vales, self.story, self.db, self.days = vales, story, vales.db, vales.days
        self.discounts: dict[str, int] = {}
        self.pool_pass = 0

    def plan(self) -> None:
        """Their accounts, in the order of the story; each act follows what the family did that morning."""
        diary: tuple[tuple[int, Callable[[datetime], None]], ...] = (
            (-220, self._toddler_gym),
            (-150, self._granted),
            (-110, self._winter_camp),
            (-67, self._waves),
            (SPANISH, self._spanish),
            (-43, self._ballet),
            (-40, self._studio),
            (-26, self._open_swim),
            (-4, self._creative),
            (-3, self._stroke),
            (-2, self._next_swim),
        )
        for offset, act in diary:
            self.story.at(self.days.at(offset, 10), act)

    def _item(
        self, kind: ItemKind, label: str, price: int, who: str = "", key: str = "", **more: object
    ) -> NewItem:
        booking_id = self.vales.booked[key].booking_id if key else None
        member_id = self.vales.members.get(who)
        return NewItem(kind, label, price, member_id=member_id, booking_id=booking_id, **more)  # type: ignore[arg-type]

    def _order(
        self, now: datetime, items: list[NewItem], *due: tuple[int, int], automatic: bool = False
    ) -> Placed:
        dates = [DueDate(self.days.money_day(asked), self.days.money_day(by)) for asked, by in due]
        new = NewOrder(self.vales.family_id, items, dates, self.vales.nora_id, automatic=automatic)
        return ordering.place(self.db, SYSTEM, new, now)

    def _card(self, payment_id: int, amount: int, now: datetime) -> None:
        payments_received.receive(self.db, SYSTEM, payment_id, amount, PaymentMethod.CARD, now)

    def _credit(self, payment_id: int, amount: int, words: str, now: datetime) -> None:
        payments_received.use_credit(self.db, self.vales.nora, payment_id, amount, words, now)

    def _granted(self, now: datetime) -> None:
        """Sibling, welcome and early bird."""
        began, family = self.days.money_day(-150), self.vales.family_id
        # Over before the Spanish is ordered, whichever month that falls in.
        ended = min(self.days.month_end(-71), self.days.money_day(SPANISH - 1))
        summer = self.days.month_end(172)
        news = {
            "sibling": NewDiscount(
                family,
                DiscountKind.SIBLING,
                "Sibling discount, 10%",
                began,
                summer,
                percent_basis_points=1000,
                detail="Taken off by itself from the second child on",
                automatic=True,
            ),
            "welcome": NewDiscount(
                family,
                DiscountKind.GRANTED,
                "Welcome, €15.00",
                began,
                summer,
                amount_minor=WELCOME,
                member_id=self.vales.members["Mila"],
                uses_left=1,
            ),
            "early": NewDiscount(
                family,
                DiscountKind.LOYALTY,
                "Early bird, 5%",
                began,
                ended,
                percent_basis_points=500,
                automatic=True,
            ),
        }
        self.discounts = {name: discounts.grant(self.db, SYSTEM, new, now) for name, new in news.items()}

    def _winter_camp(self, now: datetime) -> None:
        placed = self._order(
            now, [self._item(ItemKind.BOOKING, "Winter Dance Camp", WINTER_CAMP, "Juno")], (-110, -100)
        )
        payment_id = placed.payment_ids[0]
        self._card(payment_id, WINTER_CAMP, now)
        self.story.at(self.days.at(-90, 15), lambda later: self._refund_camp(placed, later))

    def _refund_camp(self, placed: Placed, now: datetime) -> None:
        words = "Winter Dance Camp refunded"
        payments_returned.refund_to_credit(self.db, SYSTEM, placed.payment_ids[0], WINTER_CAMP, words, now)
        ordering.cancel(self.db, SYSTEM, placed.order_id, now)

    def _waves(self, now: datetime) -> None:
        item = self._item(
            ItemKind.BOOKING,
            "Little Waves 2",
            14300,
            "Mila",
            "waves-2",
            discount_ids=(self.discounts["welcome"],),
        )
        self._card(self._order(now, [item], (-67, -57)).payment_ids[0], 12800, now)

    def _spanish(self, now: datetime) -> None:
        """The sibling discount comes off by itself; the early bird would have, before it ended."""
        item = self._item(ItemKind.BOOKING, "Spanish Starters", 12000, "Theo", "spanish")
        payment_id = self._order(now, [item], (SPANISH, -45), automatic=True).payment_ids[0]
        self._credit(payment_id, 2400, "Used for Spanish Starters", now)
        self._card(payment_id, 8400, now)

    def _ballet(self, now: datetime) -> None:
        item = self._item(ItemKind.BOOKING, "Ballet Foundations", 18600, "Juno", "ballet")
        first = self._order(now, [item], (-43, -33), (-20, -6), (11, 25)).payment_ids[0]
        self.story.at(self.days.at(-35, 19), lambda later: self._card(first, 6200, later))

    def _open_swim(self, now: datetime) -> None:
        """The pass and a swim cap, partly from credit; then two visits of two children."""
        what = self._item(ItemKind.PASS, "Open Swim pass", POOL_PASS, detail="10 entries, whole family")
        cap = self._item(ItemKind.GOODS, "Swim cap", CAP, "Mila", detail="Small")
        placed = self._order(now, [what, cap], (-26, -19))
        self._credit(placed.payment_ids[0], CAP, "Used for a swim cap", now)
        self._card(placed.payment_ids[0], POOL_PASS, now)
        self.pool_pass = self._pass(
            PassKind.ENTRY,
            "Open Swim pass",
            now,
            110,
            entries_total=10,
            icon="waves",
            item_id=placed.item_ids[0],
            programme_id=self.vales.house.programmes["Open Swim"],
        )
        self._swim("open-sun", -25, ("Mila", "Juno"), now)
        self.story.at(
            self.days.at(-13, 20), lambda later: self._swim("open-sun", -11, ("Theo", "Juno"), later)
        )
        self.story.at(self.days.at(-10, 11), self._give_entry_back)

    def _swim(self, key: str, offset: int, names: tuple[str, ...], now: datetime) -> None:
        session_id = timetable.session_on(self.db, self.vales.house.courses[key], self.days.day(offset))
        for name in names:
            visit = drop_ins.visit(self.db, SYSTEM, self.vales.members[name], session_id, self.pool_pass, now)
            self.story.expect(enrolment.Booked(0, (visit,)))

    def _give_entry_back(self, now: datetime) -> None:
        passes.correct(self.db, SYSTEM, self.pool_pass, 1, "The pool closed early, one entry given back", now)

    def _next_swim(self, now: datetime) -> None:
        self._swim("open-sat", 2, ("Juno",), now)

    def _pass(self, kind: PassKind, name: str, now: datetime, until: int, **more: object) -> int:
        item_id = more.pop("item_id", None)
        new = NewPass(
            self.vales.family_id,
            kind,
            name,
            self.days.today - timedelta(days=(self.days.now - now).days + 1),
            self.days.month_end(until),
            order_item_id=item_id,  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )
        return passes.sell(self.db, SYSTEM, new, "Bought", now)

    def _studio(self, now: datetime) -> None:
        self._pass(
            PassKind.PERMANENT,
            "Studio practice",
            now,
            172,
            member_id=self.vales.members["Juno"],
            icon="music",
            programme_id=self.vales.house.programmes["Studio practice"],
        )

    def _toddler_gym(self, now: datetime) -> None:
        mila = self.vales.members["Mila"]
        pass_id = self._pass(
            PassKind.PUNCH_CARD,
            "Toddler gym",
            now,
            -71,
            member_id=mila,
            entries_total=5,
            icon="sparkles",
            programme_id=self.vales.house.programmes["Tumble Tots"],
        )
        tots = self.vales.house.programmes["Tumble Tots"]
        for offset in TODDLER_VISITS:
            day = self.days.money_day(offset)
            visit = partial(passes.use, self.db, pass_id, Visit(mila, tots, day), None, "Toddler gym")
            self.story.at(self.days.at(offset, 11), visit)

    def _creative(self, now: datetime) -> None:
        item = self._item(ItemKind.BOOKING, "Creative Movement trial", TRIAL, "Mila", "creative")
        payment_id = self._order(now, [item], (-4, 6)).payment_ids[0]
        payments_received.announce(self.db, self.vales.nora, payment_id, now)

    def _stroke(self, now: datetime) -> None:
        item = self._item(
            ItemKind.BOOKING, "Stroke School 1", 8600, "Theo", "stroke-1", detail="Spring sessions"
        )
        self._order(now, [item], (-3, 8))
