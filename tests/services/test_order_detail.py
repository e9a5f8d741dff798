"""One order in full: what was bought, what was taken off, how it was paid; the account adds up."""

from datetime import date

import pytest

from portal.actor import SYSTEM
from portal.models.benefits import PassKind
from portal.models.commerce import ItemKind, PaymentMethod
from portal.rules.passes import Visit
from portal.services import ordering, passes, payments_returned
from portal.services.new_orders import NewItem
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY
from tests.support.buying import ASKED_TODAY, LATE, LATER, Shop
from tests.support.orders_seen import (
    account,
    look,
    opened,
    pass_and_cap,
    sibling_discount,
    told,
    uses_credit,
)


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
