"""The orders page: how many are to pay and paid, what was bought, and accounts that add up."""

from datetime import date, timedelta

import pytest
from sqlalchemy import true

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.models.benefits import CreditEntryKind, PassKind
from portal.models.commerce import ItemKind, Order, PaymentMethod
from portal.models.discounts import DiscountKind
from portal.rows.common import LineItem
from portal.rows.orders import OpenedOrder, OrdersView
from portal.rules.passes import Visit
from portal.services import credit, discounts, ordering, orders, passes, payments_received, payments_returned
from portal.services.credit import Cause
from portal.services.discounts import NewDiscount
from portal.services.facts import orders as order_facts
from portal.services.facts import payments as payment_facts
from portal.services.new_orders import NewItem
from portal.services.ordering import Placed
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY
from tests.support.buying import ASKED_TODAY, LATE, LATER, Shop
from tests.support.queries import counted_queries


def look(shop: Shop, actor: Actor | None = None, **asked: str) -> OrdersView:
    """The page, with what was told so far."""
    shop.house.db.flush()
    shop.house.db.info.clear()
    return orders.read(shop.house.db, actor or shop.family.guardian, NOW, asked)


def address(shop: Shop, placed: Placed) -> str:
    return shop.house.db.get_one(Order, placed.order_id).public_id


def opened(shop: Shop, placed: Placed) -> OpenedOrder:
    return look(shop, order_id=address(shop, placed)).opened


def told(rows: tuple[LineItem, ...]) -> list[tuple[str, str, str]]:
    """Title, status and amount of each row."""
    return [(row.title, ", ".join(chip.word for chip in row.chips), row.amount) for row in rows]


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


def test_the_figures_say_how_many_are_to_pay_and_how_many_are_paid(shop: Shop) -> None:
    shop.buys("Stroke School 1", 8600, ASKED_TODAY)
    shop.pays(shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER), 6200)
    for amount in (7500, 8400):
        shop.pays(shop.buys("Spanish Starters", amount), amount)

    to_pay, paid = look(shop).tiles

    assert (to_pay.figure, to_pay.note) == ("2", "€148.00 due now")
    assert (paid.figure, paid.note) == ("2", "€159.00 this year")


def test_an_order_is_listed_where_its_most_pressing_payment_stands(shop: Shop) -> None:
    shop.pays(shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER, member="Juno"), 6200)
    trial = shop.buys("Creative Movement trial", 900, member="Mila")
    payments_received.announce(shop.house.db, shop.family.guardian, trial.payment_ids[0], NOW)
    shop.pays(shop.buys("Street Dance", 12400, LATE, LATER, member="Juno"), 6200)
    shop.pays(shop.buys("Little Waves 2", 12800, member="Mila"), 12800)
    gone = shop.buys("Summer camp", 9900)
    ordering.cancel(shop.house.db, SYSTEM, gone.order_id, NOW)

    view = look(shop)

    assert told(view.to_pay) == [
        ("Ballet Foundations, Juno", "€62.00 of €186.00 paid, Overdue by 6 days", "€186.00")
    ]
    assert told(view.later) == [
        ("Street Dance, Juno", "€62.00 of €124.00 paid, Due Mon 6 April", "€124.00"),
        ("Creative Movement trial, Mila", "Bank transfer announced", "€9.00"),
    ]
    assert told(view.paid) == [("Little Waves 2, Mila", "Paid", "€128.00")]
    assert told(view.cancelled) == [("Summer camp", "Cancelled", "€99.00")]


def test_an_order_lists_what_was_bought_with_each_discount_under_its_line(shop: Shop) -> None:
    item = NewItem(
        ItemKind.BOOKING,
        "Spanish Starters",
        12000,
        detail="Spring term",
        member_id=shop.family["Theo"],
        discount_ids=(sibling_discount(shop),),
    )
    placed = shop.orders([item])
    uses_credit(shop, placed, 2400)
    shop.pays(placed, 8400)

    order = opened(shop, placed)

    assert account(order) == [
        ("Spanish Starters", "€120.00"),
        ("Sibling discount, 10%", "−€12.00"),
        ("Total", "€108.00"),
        ("Credit used", "−€24.00"),
        ("Paid by card", "€84.00"),
    ]
    assert order.lines[0].note == "Spring term, for Theo"
    assert order.chip.word == "Paid"


def test_a_part_paid_order_says_what_is_still_to_pay(shop: Shop) -> None:
    placed = shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER, member="Juno")
    shop.pays(placed, 6200)

    order = opened(shop, placed)

    assert account(order)[1:] == [
        ("Total", "€186.00"),
        ("Paid so far", "−€62.00"),
        ("Still to pay", "€124.00"),
    ]
    assert [(row.title, row.chips[0].word) for row in order.payments] == [
        ("Instalment 1 of 3", "Paid"),
        ("Instalment 2 of 3", "Overdue by 6 days"),
        ("Instalment 3 of 3", "Due Mon 6 April"),
    ]
    assert [row.href for row in order.payments] == [
        f"/payments?open={shop.payment(placed, part).public_id}" for part in (1, 2, 3)
    ]


def test_a_refund_is_told_under_the_account(shop: Shop) -> None:
    placed = shop.buys("Winter Dance Camp", 4000, member="Juno")
    shop.pays(placed, 4000, PaymentMethod.CASH)
    payments_returned.refund_to_credit(shop.house.db, SYSTEM, placed.payment_ids[0], 4000, "Refunded", NOW)
    ordering.cancel(shop.house.db, SYSTEM, placed.order_id, NOW)

    view = look(shop)

    assert told(view.cancelled) == [("Winter Dance Camp, Juno", "Cancelled, Refunded", "€40.00")]
    assert account(view.opened) == [
        ("Winter Dance Camp", "€40.00"),
        ("Paid in cash", "€40.00"),
        ("Refunded", "€40.00"),
    ]


def test_what_went_back_is_not_called_paid(shop: Shop) -> None:
    placed = shop.buys("Winter Dance Camp", 4000)
    shop.pays(placed, 4000)
    back = (shop.house.db, SYSTEM, placed.payment_ids[0])

    payments_returned.refund_to_credit(*back, 1000, "Refunded", NOW)
    assert told(look(shop).paid) == [("Winter Dance Camp", "Paid, Partly refunded", "€40.00")]
    assert look(shop).opened.chip.word == "Paid"

    payments_returned.refund_to_credit(*back, 3000, "Refunded", NOW)
    assert told(look(shop).paid) == [("Winter Dance Camp", "Refunded", "€40.00")]
    assert look(shop).opened.chip.word == "Refunded"


def test_several_lines_are_told_with_their_number_and_price(shop: Shop) -> None:
    order = opened(shop, pass_and_cap(shop))

    assert [(line.label, line.note, line.amount) for line in order.lines if line.look == "item"] == [
        ("Open Swim pass", "10 entries, whole family", "€75.00"),
        ("Swim cap", "Small, 2 at €4.00, for Mila", "€8.00"),
    ]
    assert look(shop).to_pay[0].title == "Open Swim pass, swim cap"


def test_the_passes_of_an_order_show_their_entries(shop: Shop) -> None:
    placed = pass_and_cap(shop)
    new = NewPass(
        shop.family.family_id,
        PassKind.ENTRY,
        "Open Swim pass",
        TODAY,
        date(2026, 6, 30),
        10,
        order_item_id=placed.item_ids[0],
    )
    pass_id = passes.sell(shop.house.db, SYSTEM, new, "Bought", NOW)
    passes.use(shop.house.db, pass_id, Visit(shop.family["Mila"], 1, TODAY), None, "Open Swim", NOW)
    other = shop.buys("Studio practice", 3000)

    (card,) = opened(shop, placed).passes

    assert (card.left, card.words) == ("9", "entries left until 30 June 2026")
    assert not opened(shop, other).passes


@pytest.mark.parametrize("credit_used", [0, 1, 1999, 3600])
@pytest.mark.parametrize("paid", [0, 1, 3600])
def test_every_account_adds_up(shop: Shop, credit_used: int, paid: int) -> None:
    item = NewItem(ItemKind.BOOKING, "Spanish Starters", 11999, discount_ids=(sibling_discount(shop),))
    cap = NewItem(ItemKind.GOODS, "Swim cap", 1)
    placed = shop.orders([item, cap], LATE, ASKED_TODAY, LATER)
    if credit_used:
        uses_credit(shop, placed, credit_used)
    if paid:
        shop.pays(placed, paid, part=2)

    *lines, result = (line for line in opened(shop, placed).lines if line.label != "Total")

    assert sum(minor(line.amount) for line in lines) == minor(result.amount)


def minor(amount: str) -> int:
    """ "−€8.00" as -800."""
    digits = int("".join(sign for sign in amount if sign.isdigit()))
    return -digits if amount.startswith("−") else digits


def test_an_order_of_another_family_is_as_missing_as_one_that_does_not_exist(shop: Shop) -> None:
    mine = address(shop, shop.buys("Little Waves 2", 12800))
    hale = shop.house.family("Hale", "Zoe").guardian

    assert look(shop, order_id=mine).chosen
    for asked in (mine, "nothere"):
        with pytest.raises(NotFound):
            look(shop, hale, order_id=asked)


def test_without_the_visibility_every_family_would_see_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    mine = address(shop, shop.buys("Little Waves 2", 12800))
    for module in (order_facts, payment_facts):
        monkeypatch.setattr(module, "visible_orders", lambda *_: true())

    assert look(shop, shop.house.family("Hale", "Zoe").guardian, order_id=mine).chosen


def test_many_paid_orders_are_shown_when_asked_for(shop: Shop) -> None:
    for at in range(orders.PAID_SHOWN + 1):
        shop.pays(shop.buys(f"Swim cap {at}", 800), 800)

    short, full = look(shop), look(shop, paid="all")

    assert len(short.paid) == orders.PAID_SHOWN
    assert (short.show_all.href, short.show_all.label) == ("/orders?paid=all", "Show all 9")
    assert len(full.paid) == orders.PAID_SHOWN + 1


def test_a_family_without_orders_is_told_so(shop: Shop) -> None:
    view = look(shop)

    assert (view.empty_title, view.empty) == (
        "No orders yet",
        "What you buy appears here, with its payments and passes.",
    )


def test_the_page_costs_the_same_queries_for_a_small_and_a_large_family(shop: Shop) -> None:
    shop.buys("Little Waves 2", 12800)
    with counted_queries() as small:
        look(shop)
    for _ in range(40):
        shop.pays(pass_and_cap(shop), 8300)
        shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER, member="Juno")
    with counted_queries() as large:
        look(shop)

    assert len(large) == len(small) <= 5, "the frame around it takes one more"
