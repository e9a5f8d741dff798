"""Paying online in words: a button where there is a way to pay, and where there is none, why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.gateways import registry
from portal.gateways.demo import DemoGateway
from portal.models.benefits import CreditEntryKind
from portal.rows.online import PayOnline
from portal.services import credit
from portal.services.credit import Cause
from tests.factories import NOW
from tests.support.buying import LATER, Shop
from tests.support.seeing import look, opened

TOO_SMALL = "Card payments start at €0.50. Please pay this together with other payments, or by bank transfer."


class FiftyCents(DemoGateway):
    """One that takes nothing below fifty cents."""

    def least_minor(self, currency: str) -> int:
        return 50


@pytest.fixture(autouse=True)
def _gateway(tmp_path: Path) -> Iterator[None]:
    registry.use({"demo": FiftyCents(tmp_path, "secret", "")})
    yield
    registry.use({})


def has_credit(shop: Shop, amount: int) -> None:
    credit.move(shop.house.db, shop.family.family_id, CreditEntryKind.PREPAID, amount, Cause("Prepaid"), NOW)


def test_the_button_says_what_is_paid_with_the_credit_and_without(shop: Shop) -> None:
    placed = shop.buys("Ballet Foundations", 6200)
    assert opened(shop, placed).online.label == "Pay €62.00 online"
    has_credit(shop, 2000)
    form = opened(shop, placed).online

    assert (form.label, form.with_credit) == ("Pay €62.00 online", "Pay €42.00 online")
    assert form.shown == "6200"
    assert (form.credit, form.only_credit) == ("€20.00 available, so you would pay €42.00", "")


def test_what_is_too_small_for_a_card_says_so_before_there_is_a_button(shop: Shop) -> None:
    placed = shop.buys("Swim cap", 49)
    has_credit(shop, 48)
    item = opened(shop, placed)

    assert item.online == PayOnline(why=TOO_SMALL)
    assert item.transfer.title == "Pay by bank transfer"


def test_several_that_are_too_small_alone_are_paid_together(shop: Shop) -> None:
    placed = shop.buys("Swim cap", 30)
    shop.buys("Goggles", 20)

    assert opened(shop, placed).online.why == TOO_SMALL
    assert look(shop).pay_all.label == "Pay both, €0.50"


def test_credit_that_would_leave_too_little_leaves_enough(shop: Shop) -> None:
    placed = shop.buys("Ballet Foundations", 6200)
    has_credit(shop, 6180)
    form = opened(shop, placed).online

    assert form.with_credit == "Pay €0.50 online"
    assert form.credit == "€61.80 available, so you would pay €0.50, the least a card payment can be"


def test_what_only_the_credit_can_pay_is_paid_by_it(shop: Shop) -> None:
    placed = shop.buys("Swim cap", 40)
    has_credit(shop, 40)
    form = opened(shop, placed).online

    assert (form.label, form.only_credit, form.credit) == ("Pay €0.40 with your credit", "yes", "")
    assert form.note == "Card payments start at €0.50, so your credit pays this."


def test_the_refusal_at_the_click_says_the_same(shop: Shop) -> None:
    shop.buys("Swim cap", 49)

    assert look(shop, problem="checkout.too_small").told.words == TOO_SMALL


def test_what_is_not_due_yet_has_neither_a_button_nor_an_excuse(shop: Shop) -> None:
    placed = shop.buys("Swim cap", 49, LATER)

    assert opened(shop, placed).online == PayOnline()
