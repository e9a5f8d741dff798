"""The payments page: what is to pay, what is on its way or later, what is paid, and one payment opened."""

from datetime import timedelta

import pytest
from sqlalchemy import true

from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.models.commerce import PaymentMethod
from portal.rows.common import LineItem
from portal.services import ordering, payments, payments_received, payments_returned, provider
from portal.services.facts import payments as payment_facts
from tests.factories import NOW
from tests.support.buying import ASKED_TODAY, LATER, Shop
from tests.support.queries import counted_queries
from tests.support.seeing import ballet, look


def told(rows: tuple[LineItem, ...]) -> list[tuple[str, str, str, str]]:
    """Title, second line, status and amount of each row."""
    return [(row.title, row.meta[0], ", ".join(chip.word for chip in row.chips), row.amount) for row in rows]


def test_what_waits_comes_first_the_most_overdue_on_top(shop: Shop) -> None:
    shop.buys("Stroke School 1", 8600, ASKED_TODAY, member="Theo", detail="Spring sessions")
    ballet(shop)

    view = look(shop)

    assert view.lead == "€148.00 to pay. One payment is overdue."
    assert view.to_pay_total == "€148.00"
    assert told(view.to_pay) == [
        ("Ballet Foundations", "Juno, instalment 2 of 3", "Overdue by 6 days", "€62.00"),
        ("Stroke School 1", "Theo, spring sessions", "Due Fri 20 March", "€86.00"),
    ]


def test_an_upcoming_payment_is_listed_for_later_and_not_called_overdue(shop: Shop) -> None:
    shop.buys("Ballet Foundations", 6200, LATER, member="Juno")

    view = look(shop)

    assert not view.to_pay
    assert [row.chips[0].word for row in view.later] == ["Due Mon 6 April"]
    assert view.lead == "Nothing to pay now."
    assert view.settled == "The next payment is €62.00 for Juno’s Ballet Foundations on 6 April."


def test_an_announced_transfer_is_on_its_way(shop: Shop) -> None:
    placed = shop.buys("Creative Movement trial", 900, member="Mila")
    announced = NOW - timedelta(days=4)
    payments_received.announce(shop.house.db, shop.family.guardian, placed.payment_ids[0], announced)

    view = look(shop)

    assert told(view.later) == [
        ("Creative Movement trial", "Mila, bank transfer announced 8 March", "On its way", "€9.00")
    ]
    assert view.settled == "€9.00 is on its way."


def test_paid_ones_are_last_the_newest_on_top_with_the_count_of_the_year(shop: Shop) -> None:
    first = shop.buys("Little Waves 2", 12800, member="Mila")
    shop.pays(first, 12800)
    old = shop.payment(first)
    old.paid_at = NOW - timedelta(days=100)
    second = shop.buys("Open Swim pass", 7500)
    shop.pays(second, 7500)

    view = look(shop)

    assert told(view.paid) == [
        ("Open Swim pass", "5 February", "", "€75.00"),
        ("Little Waves 2", "Mila, 2 December 2025", "", "€128.00"),
    ]
    assert view.paid_count == "1 in 2026"
    assert view.settled == "Everything is paid."


def test_currencies_are_never_added_together(shop: Shop) -> None:
    shop.buys("Stroke School 1", 8600)
    provider.save(shop.house.db, SYSTEM, {"currency": "CHF"}, NOW)
    shop.buys("Summer camp", 2000)

    assert look(shop).to_pay_total == "€86.00 and CHF20.00"


def test_a_part_paid_payment_asks_only_for_the_rest(shop: Shop) -> None:
    placed = shop.buys("Ballet Foundations", 6200, member="Juno")
    shop.pays(placed, 2000)

    (row,) = look(shop).to_pay

    assert (row.amount, row.meta) == ("€42.00", ("Juno, €20.00 of €62.00 paid",))


def test_a_refund_shows_as_a_refund(shop: Shop) -> None:
    placed = shop.buys("Winter Dance Camp", 4000, member="Juno")
    shop.pays(placed, 4000, PaymentMethod.CASH)
    refund = (shop.house.db, SYSTEM, placed.payment_ids[0])
    payments_returned.refund_to_credit(*refund, 1000, "A day was cancelled", NOW)
    assert [row.chips[0].word for row in look(shop).paid] == ["Partly refunded"]

    payments_returned.refund_to_credit(*refund, 3000, "All of it", NOW)
    ordering.cancel(shop.house.db, SYSTEM, placed.order_id, NOW)
    view = look(shop)

    assert told(view.paid) == [("Winter Dance Camp", "Juno, 5 February", "Refunded", "€40.00")]
    assert [row.title for row in view.opened.history] == [
        "€30.00 refunded as credit",
        "€10.00 refunded as credit",
        "€40.00 received in cash",
        "Issued, €40.00 to pay",
    ]


def test_a_cancelled_order_asks_for_nothing(shop: Shop) -> None:
    placed = shop.buys("Summer camp", 9900)
    ordering.cancel(shop.house.db, SYSTEM, placed.order_id, NOW)

    view = look(shop)

    assert not view.to_pay
    assert told(view.void) == [("Summer camp", "", "Cancelled", "€99.00")]


def test_without_a_choice_the_first_to_pay_is_opened_beside_the_list(shop: Shop) -> None:
    ballet(shop)

    view = look(shop)

    assert view.opened.about == "Juno, instalment 2 of 3"
    assert [row.current for row in view.to_pay] == [True]
    assert not view.chosen


def test_a_payment_of_another_family_is_as_missing_as_one_that_does_not_exist(shop: Shop) -> None:
    mine = shop.payment(shop.buys("Little Waves 2", 12800)).public_id
    hale = shop.house.family("Hale", "Zoe").guardian

    assert look(shop, open=mine).chosen
    for asked in (mine, "nothere"):
        with pytest.raises(NotFound):
            look(shop, hale, open=asked)


def test_without_the_visibility_every_family_would_see_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    mine = shop.payment(shop.buys("Little Waves 2", 12800)).public_id
    monkeypatch.setattr(payment_facts, "visible_orders", lambda *_: true())

    assert look(shop, shop.house.family("Hale", "Zoe").guardian, open=mine).chosen


def test_many_paid_ones_are_shown_when_asked_for(shop: Shop) -> None:
    for at in range(payments.PAID_SHOWN + 3):
        shop.pays(shop.buys(f"Swim cap {at}", 800), 800)

    short, full = look(shop), look(shop, paid="all")

    assert len(short.paid) == payments.PAID_SHOWN
    assert (short.show_all.href, short.show_all.label) == ("/payments?paid=all", "Show all 11")
    assert len(full.paid) == payments.PAID_SHOWN + 3
    assert not full.show_all.href


def test_a_family_without_payments_is_told_so(shop: Shop) -> None:
    view = look(shop)

    assert view.empty_title == "No payments yet"
    assert view.empty == "When you book a class, what there is to pay appears here."
    assert not view.settled


def test_the_page_costs_the_same_queries_for_a_small_and_a_large_family(shop: Shop) -> None:
    shop.buys("Little Waves 2", 12800)
    with counted_queries() as small:
        look(shop)
    for at in range(40):
        ballet(shop)
        shop.pays(shop.buys(f"Swim cap {at}", 800), 800)
    with counted_queries() as large:
        look(shop)

    assert len(large) == len(small) <= 5, "the frame around it takes one more"
