"""Families pay through a gateway, which tells of it whenever it likes; what goes back, goes back through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.gateways import Event, Opened, Present, Standing
from portal.models.benefits import VisitBill
from portal.models.checkouts import Checkout
from portal.models.commerce import Order, Payment, PaymentMethod, PaymentStatus, Refund, RefundStatus
from portal.services import checkout_events, checkouts, refunds
from portal.services.checkouts import Wanted
from portal.services.refunds import AskedRefund, Back
from tests.support.being_told import DESK
from tests.support.story import WHICH, Story
from tests.support.till import Visit

AMOUNT = st.sampled_from([900, 1, 450, 6200, 12000])
STANDINGS = st.sampled_from(
    [Standing.PAID, Standing.PROCESSING, Standing.PAID, Standing.OPEN, Standing.EXPIRED]
)
OWED = (PaymentStatus.UNPAID, PaymentStatus.PROCESSING)


@dataclass(frozen=True)
class Beginning:
    """What has become of the first visit when the story begins."""

    standing: Standing
    given_back_minor: int = 0


BEGINNINGS = (
    Beginning(Standing.PAID),
    Beginning(Standing.PROCESSING),
    Beginning(Standing.EXPIRED),
    Beginning(Standing.PAID, given_back_minor=450),
)
"""As many stories for each: what chance alone would leave out of a few."""


class Online(Story):
    """Visits to the gateway, and refunds it is asked for."""

    begins: ClassVar[Beginning] = Beginning(Standing.PAID)

    def __init__(self) -> None:
        super().__init__()
        self.at_gateway: list[Visit] = []
        self.numbers = count(1)

    @initialize(also=st.booleans(), back=st.booleans())
    def has_been_at_the_gateway(self, also: bool, back: bool) -> None:
        """Few stories come as far as a refund by themselves: so they begin at the gateway."""
        self.pays_everything_online(0, with_credit=False, standing=self.begins.standing)
        if self.begins.given_back_minor:
            self.the_gateway_gives_back_by_itself(0, self.begins.given_back_minor, is_told=True)
        if also:
            self.pays_everything_online(1, with_credit=False, standing=Standing.PAID)
        if back:
            self.staff_give_back(1, 450, Back.PAYER)

    @rule(family=st.integers(0, 1), with_credit=st.booleans(), standing=STANDINGS)
    def pays_everything_online(self, family: int, with_credit: bool, standing: Standing) -> None:
        visit = self.goes(family, Wanted((checkouts.ALL,), with_credit))
        if visit is not None and visit.becomes(standing):
            self.hears(visit.said[-1])

    @rule(which=WHICH, with_credit=st.booleans())
    def goes_to_pay(self, which: int, with_credit: bool) -> None:
        asked = self.one(Payment, which, col(Payment.status).in_(OWED))
        if asked is not None:
            family = [home.family_id for home in self.families].index(asked.family_id)
            self.goes(family, Wanted((asked.public_id,), with_credit))

    def goes(self, family: int, wanted: Wanted) -> Visit | None:
        begun = self.act(checkouts.begin, self.families[family].guardian, wanted, "demo", DESK, self.now)
        if begun is None or begun.asked is None:
            return None
        visit = Visit(f"ext_{begun.checkout}", begun.checkout, begun.asked.amount_minor)
        self.act(checkouts.opened, begun.checkout, Opened(visit.external_id, "https://pay.example"))
        self.at_gateway.append(visit)
        return visit

    @precondition(lambda self: self.at_gateway)
    @rule(which=WHICH, standing=STANDINGS, is_told=st.booleans())
    def the_payer_is_there(self, which: int, standing: Standing, is_told: bool) -> None:
        """Also of a visit that was replaced: the gateway may not have heard of it."""
        visit = self.at_gateway[-1 - which % len(self.at_gateway)]
        if visit.becomes(standing) and is_told:
            self.hears(visit.said[-1])

    @precondition(lambda self: any(visit.said for visit in self.at_gateway))
    @rule(which=WHICH, at=WHICH, times=st.integers(1, 2))
    def the_gateway_tells(self, which: int, at: int, times: int) -> None:
        """Anything it ever said, in any order, also twice."""
        said = [visit.said for visit in self.at_gateway if visit.said]
        of_visit = said[which % len(said)]
        for _ in range(times):
            self.hears(of_visit[at % len(of_visit)])

    @precondition(lambda self: any(visit.paid_minor for visit in self.at_gateway))
    @rule(which=WHICH, amount=AMOUNT, is_told=st.booleans())
    def the_gateway_gives_back_by_itself(self, which: int, amount: int, is_told: bool) -> None:
        """A refund from its own pages, or a dispute that is lost."""
        paid = [visit for visit in self.at_gateway if visit.paid_minor]
        visit = paid[which % len(paid)]
        if visit.gives_back(min(amount, visit.paid_minor - visit.refunded_minor)) and is_told:
            self.hears(visit.said[-1])

    def hears(self, present: Present) -> None:
        event = Event(f"evt_{next(self.numbers)}", "visit", present.external_id)
        self.act(checkout_events.take_in, "demo", event, present, self.now)
        assert not self.refused
        for standing in (present.standing, *(["given back"] if present.refunded_minor else [])):
            self.done.add(f"gateway: {standing}")

    @rule(which=WHICH, to=st.sampled_from([None, *Back]))
    def is_cancelled(self, which: int, to: Back | None) -> None:
        """An order of goods: what a visit is billed for stands as long as the visit."""
        order = self.one(Order, which, col(Order.id).not_in(select(col(VisitBill.order_id))))
        if order is not None:
            self.given_back(self.act(refunds.cancel_order, SYSTEM, order.id, to, "Cancelled", self.now) or [])

    @rule(which=WHICH, amount=AMOUNT, to=st.sampled_from([Back.PAYER, Back.CREDIT]))
    def staff_give_back(self, which: int, amount: int, to: Back) -> None:
        """More often of what was paid with a card: only that goes back through the gateway."""
        has = (col(Payment.received_minor) > col(Payment.refunded_minor),)
        by_card = (*has, col(Payment.method) == PaymentMethod.CARD)
        paid = (which % 4 and self.one(Payment, which, *by_card)) or self.one(Payment, which, *has)
        if paid is not None:
            amount = min(amount, paid.received_minor - paid.refunded_minor)
            asked = self.act(refunds.give_back, SYSTEM, paid.id, amount, to, "Given back", self.now)
            self.given_back(asked or [])

    def given_back(self, asked: Sequence[AskedRefund]) -> None:
        if asked:
            self.done.add("gateway: asked to give back")

    @precondition(lambda self: "gateway: asked to give back" in self.done)
    @rule(which=WHICH, is_told=st.booleans())
    def the_gateway_is_asked(self, which: int, is_told: bool) -> None:
        refund = self.one(Refund, which, col(Refund.status) == RefundStatus.ASKED)
        if refund is None:
            return
        way = refunds.paid_through(self.db, refund.payment_id, refund.amount_minor)
        visit = next(one for one in self.at_gateway if way is not None and one.external_id == way[1])
        if not visit.gives_back(refund.amount_minor, refund.public_id):
            self.act(refunds.refused, SYSTEM, refund.public_id, self.now)
        elif is_told:
            self.hears(visit.said[-1])

    @precondition(lambda self: self.at_gateway)
    @rule()
    def everything_under_way_ends(self) -> None:
        """Every refund is answered and every visit told of: both books say the same, and nothing waits."""
        asked = (col(Refund.status) == RefundStatus.ASKED,)
        for _ in self.db.execute(select(col(Refund.id)).where(*asked)).all():
            self.the_gateway_is_asked(0, is_told=True)
        assert self.one(Refund, 0, *asked) is None
        for visit in self.at_gateway:
            if visit.said:
                self.hears(visit.said[-1])
            found = self.one(Checkout, 0, col(Checkout.public_id) == visit.key)
            assert found is not None
            assert (found.received_minor, found.refunded_minor) == (visit.paid_minor, visit.refunded_minor)
