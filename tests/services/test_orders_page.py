"""The orders page: how many are to pay and paid, what was bought, and accounts that add up."""

import pytest
from sqlalchemy import true

from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.services import ordering, orders, payments_received
from portal.services.facts import orders as order_facts
from portal.services.facts import payments as payment_facts
from tests.factories import NOW
from tests.support.buying import ASKED_TODAY, LATE, LATER, Shop
from tests.support.orders_seen import (
    address,
    look,
    pass_and_cap,
    told,
)
from tests.support.queries import counted_queries


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
