import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.models.bookings import Booking, BookingStatus
from portal.models.commerce import ItemKind, Order, Payment
from portal.models.discounts import DiscountKind, OrderDiscount, Voucher
from portal.services import discounts, ordering, orders, price_offers
from portal.services.discounts import NewDiscount
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed
from portal.services.price_offers import DiscountNotUsable, VoucherUnknown
from portal.services.storing import store
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.proofs import rounds
from tests.support.racing import WON, race

LAST_USES = rounds(5, 200)


def voucher(world: Otterbrook, code: str = "SPRING", **more: Any) -> int:
    values: dict[str, Any] = {
        "amount_minor": 1500,
        "name": "Spring",
        "currency": "EUR",
        "valid_from": TODAY,
        **more,
    }
    return store(world.db, Voucher(code=code, **values))


def by_itself(world: Otterbrook, vale: Household, kind: DiscountKind, **more: Any) -> int:
    values: dict[str, Any] = {"valid_from": TODAY, "percent_basis_points": 1000, **more}
    new = NewDiscount(vale.family_id, kind, kind.title(), automatic=True, **values)
    return discounts.grant(world.db, SYSTEM, new, NOW)


def a_class(vale: Household, who: str = "Mila", price: int = 10000, **more: object) -> NewItem:
    return NewItem(ItemKind.BOOKING, "Ballet", price, member_id=vale[who], **more)  # type: ignore[arg-type]


def place(world: Otterbrook, vale: Household, *items: NewItem, **more: object) -> Placed:
    due = more.pop("due", [DueDate(TODAY, TODAY)])
    new = NewOrder(vale.family_id, items, due, **more)  # type: ignore[arg-type]
    return ordering.place(world.db, SYSTEM, new, NOW)


def order(world: Otterbrook, placed: Placed) -> Order:
    return world.db.get_one(Order, placed.order_id, populate_existing=True)


def refused(world: Otterbrook, placed: Placed) -> list[str]:
    return [reason for _, reason in price_offers.refused(order(world, placed).price_receipt)]


def test_a_code_comes_off_the_whole_order_and_is_used_once_more(world: Otterbrook) -> None:
    vale, code = world.family("Vale", "Mila"), voucher(world, max_uses=3)
    placed = place(world, vale, a_class(vale), a_class(vale), voucher_codes=(" spring ",))
    assert order(world, placed).total_minor == 18500
    assert world.db.get_one(Voucher, code, populate_existing=True).uses == 1
    off = world.db.execute(select(OrderDiscount)).scalars().one()
    assert (off.order_item_id, off.amount_minor, off.label) == (None, 1500, "Spring")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"max_uses": 2, "uses": 2}, "pricing.used_up"),
        ({"valid_until": TODAY - timedelta(1), "valid_from": TODAY - timedelta(9)}, "pricing.expired"),
        ({"currency": "CZK"}, "pricing.other_currency"),
    ],
)
def test_a_code_that_does_not_fit_stops_the_order_and_says_why(
    world: Otterbrook, more: dict[str, Any], reason: str
) -> None:
    vale = world.family("Vale", "Mila")
    voucher(world, **more)
    with pytest.raises(DiscountNotUsable) as told:
        place(world, vale, a_class(vale), voucher_codes=("SPRING",))
    assert told.value.message_key == reason


def test_a_code_that_nobody_gave_out_is_refused(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    with pytest.raises(VoucherUnknown):
        place(world, vale, a_class(vale), voucher_codes=("SUMMER",))


def test_the_sibling_discount_starts_with_the_second_child_of_an_order(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    by_itself(world, vale, DiscountKind.SIBLING)
    placed = place(world, vale, a_class(vale), a_class(vale, "Theo"), automatic=True)
    assert order(world, placed).total_minor == 19000
    assert refused(world, placed) == ["pricing.no_sibling"]


def test_a_sibling_enrolled_before_counts_and_the_bookings_of_this_order_do_not(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    by_itself(world, vale, DiscountKind.SIBLING)
    first = world.enrol(vale["Mila"], world.course())
    second = world.enrol(vale["Theo"], world.course())
    both = (
        a_class(vale, "Mila", booking_id=first.booking_id),
        a_class(vale, "Theo", booking_id=second.booking_id),
    )
    assert order(world, place(world, vale, *both, automatic=True)).total_minor == 19000
    assert order(world, place(world, vale, both[1], automatic=True)).total_minor == 9000


def test_the_loyalty_discount_starts_after_a_completed_course(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    by_itself(world, vale, DiscountKind.LOYALTY)
    first = place(world, vale, a_class(vale), automatic=True)
    assert (order(world, first).total_minor, refused(world, first)) == (10000, ["pricing.first_course"])
    booked = world.enrol(vale["Mila"], world.course())
    world.db.get_one(Booking, booked.booking_id).status = BookingStatus.COMPLETED
    world.db.flush()
    assert order(world, place(world, vale, a_class(vale), automatic=True)).total_minor == 9000


def test_the_order_page_tells_why_a_discount_did_not_come_off(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    by_itself(world, vale, DiscountKind.SIBLING)
    placed = place(world, vale, a_class(vale), automatic=True)
    opened = orders.read(world.db, vale.guardian, NOW, {"order_id": order(world, placed).public_id}).opened
    assert [told.partition(":")[0] for told in opened.not_taken_off] == ["Sibling"]


@pytest.mark.parametrize(("days_ago", "told"), [(30, ["pricing.expired"]), (31, [])])
def test_a_discount_that_ended_long_ago_is_on_no_receipt(
    world: Otterbrook, days_ago: int, told: list[str]
) -> None:
    vale = world.family("Vale", "Mila")
    ended = TODAY - timedelta(days_ago)
    by_itself(world, vale, DiscountKind.LOYALTY, valid_from=ended, valid_until=ended)
    assert refused(world, place(world, vale, a_class(vale), automatic=True)) == told


@pytest.mark.parametrize(("days_later", "told"), [(30, ["pricing.used_up"]), (31, [])])
def test_a_discount_that_was_used_up_long_ago_is_on_no_receipt(
    world: Otterbrook, days_later: int, told: list[str]
) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.enrol(vale["Theo"], world.course())
    by_itself(world, vale, DiscountKind.SIBLING, uses_left=1)
    first = place(world, vale, a_class(vale), automatic=True)
    assert order(world, first).total_minor == 9000

    later = NOW + timedelta(days=days_later)
    new = NewOrder(vale.family_id, [a_class(vale)], [DueDate(TODAY, TODAY)], automatic=True)
    assert [step.reason for step in ordering.quote(world.db, new, later).refused] == told


def test_a_discount_of_one_child_is_not_told_on_the_receipt_of_another(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    by_itself(world, vale, DiscountKind.LOYALTY, member_id=vale["Theo"])
    assert refused(world, place(world, vale, a_class(vale), automatic=True)) == []


def test_what_comes_by_itself_is_not_looked_at_unless_asked_for(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    by_itself(world, vale, DiscountKind.SIBLING)
    assert order(world, place(world, vale, a_class(vale), a_class(vale, "Theo"))).total_minor == 20000


def test_who_joins_late_pays_for_the_sessions_still_to_come(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    placed = place(world, vale, a_class(vale, price=12800, sessions=(5, 8)))
    assert order(world, placed).total_minor == 8000
    assert json.loads(order(world, placed).price_receipt)["lines"][0]["sessions"] == [5, 8]


def test_a_deposit_comes_first_and_the_payments_add_up(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    due = [DueDate(TODAY, TODAY + timedelta(30 * at)) for at in range(3)]
    placed = place(world, vale, a_class(vale, price=10001), due=due, deposit_minor=3000)
    amounts = select(col(Payment.amount_minor)).where(col(Payment.order_id) == placed.order_id)
    assert list(world.db.execute(amounts.order_by(col(Payment.position))).scalars()) == [3000, 3501, 3500]


def test_a_quote_uses_nothing_up(world: Otterbrook) -> None:
    vale, code = world.family("Vale", "Mila"), voucher(world, max_uses=1)
    new = NewOrder(vale.family_id, [a_class(vale)], [DueDate(TODAY, TODAY)], voucher_codes=("SPRING",))
    assert ordering.quote(world.db, new, NOW).total_minor == 8500
    assert world.db.get_one(Voucher, code, populate_existing=True).uses == 0
    assert world.db.execute(select(Order)).first() is None


def test_a_discount_of_another_member_stops_the_order(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    new = NewDiscount(
        vale.family_id, DiscountKind.GRANTED, "Welcome", TODAY, amount_minor=500, member_id=vale["Theo"]
    )
    granted = discounts.grant(world.db, SYSTEM, new, NOW)
    with pytest.raises(DiscountNotUsable):
        place(world, vale, a_class(vale, discount_ids=(granted,)))


@pytest.mark.proof
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_of_two_families_who_want_the_last_use_of_a_code_one_has_it(fresh_db: str, guarded: bool) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale, bell = world.family(), world.family("Bell")
        codes = [f"CODE{at}" for at in range(LAST_USES)]
        for code in codes:
            voucher(world, code, max_uses=1)
        attempts = [[(who.guardian, (str(who.family_id), code)) for who in (vale, bell)] for code in codes]
    outcomes = race(fresh_db, "voucher" if guarded else "voucher_unguarded", attempts)

    with db.reading() as session:
        used = session.execute(select(col(OrderDiscount.id))).scalars().all()
    if guarded:
        assert {tuple(sorted(both)) for both in outcomes} == {("pricing.used_up", WON)}
        assert len(used) == LAST_USES
    else:
        assert len(used) > LAST_USES
    print(f"{LAST_USES} last uses, two processes: {len(used)} taken")
