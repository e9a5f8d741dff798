"""Typing voucher codes: what is not known counts, whoever guesses is stopped, and nobody else is."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.discounts import OrderDiscount, Voucher
from portal.rules.conditions import Unmet
from portal.services import vouchers
from portal.services.price_offers import DiscountNotUsable, VoucherUnknown
from portal.services.vouchers import NewVoucher, VoucherTaken
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.priced_places import LESS, Place
from tests.support.proofs import rounds

TRIED = rounds(300, 10_000)
EVERY = timedelta(days=1) / 10_000
"""Ten thousand guesses a day."""


def guesses(world: Otterbrook, vale: Household, so_many: int) -> int:
    """How many of them were answered."""
    answered = 0
    for at in range(so_many):
        with suppress(Unmet):
            vouchers.typed(world.db, vale.guardian, f"GUESS{at}", NOW + at * EVERY)
            answered += 1
    return answered


@pytest.mark.proof
def test_ten_thousand_guesses_a_day_are_ten_an_hour(world: Otterbrook, vale: Household) -> None:
    answered = guesses(world, vale, TRIED)

    hours = -(-TRIED * EVERY // timedelta(hours=1))
    assert answered == 10 * hours
    print(f"{TRIED} codes guessed in {hours} h: {answered} answered")


def test_without_the_limit_every_guess_would_be_answered(
    world: Otterbrook, vale: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(vouchers, "can_guess", lambda *_: [])
    assert guesses(world, vale, 50) == 50


def test_who_guessed_too_often_hears_nothing_of_a_right_code_until_the_time_they_are_told(
    world: Otterbrook, vale: Household
) -> None:
    vouchers.give_out(world.db, SYSTEM, NewVoucher("SPRING", "Spring", TODAY, amount_minor=500))
    guesses(world, vale, 10)
    for code in ("SPRING", "SUMMER"):
        with pytest.raises(Unmet) as refused:
            vouchers.typed(world.db, vale.guardian, code, NOW + timedelta(minutes=59))
        assert refused.value.message_key == "vouchers.too_many_guesses"
        # The first guess was made at ten past two.
        assert refused.value.values == {"time": "15:10"}

    bell = world.family("Bell")
    vouchers.typed(world.db, bell.guardian, "SPRING", NOW + timedelta(minutes=59))
    vouchers.typed(world.db, vale.guardian, "SPRING", NOW + timedelta(hours=1))


def test_a_code_that_was_given_out_is_no_guess(world: Otterbrook, vale: Household) -> None:
    vouchers.give_out(world.db, SYSTEM, NewVoucher("SPRING", "Spring", TODAY, amount_minor=500))
    for _ in range(20):
        vouchers.typed(world.db, vale.guardian, " spring ", NOW)
    assert guesses(world, vale, 20) == 10


def voucher(place: Place, code: str = "spring-5", **more: object) -> None:
    new = NewVoucher(code, "Spring, €5.00", TODAY, amount_minor=500, **more)  # type: ignore[arg-type]
    vouchers.give_out(place.world.db, SYSTEM, new)


def test_a_code_that_is_typed_comes_off_last_and_is_on_the_receipt(place: Place) -> None:
    voucher(place, max_uses=1)
    sheet = place.opens(" Spring-5 ")
    place.presses(sheet)

    assert sheet.accept == "Take the place for €121.00"
    taken = place.world.db.execute(select(OrderDiscount).order_by(col(OrderDiscount.id))).scalars()
    assert [(one.label, one.amount_minor) for one in taken] == [
        ("Sibling, 10%", 1400),
        ("Spring, €5.00", 500),
    ]
    kept = json.loads(place.orders()[0].price_receipt)
    assert (kept["discounts"][0]["label"], kept["total_minor"]) == ("Spring, €5.00", LESS - 500)


def test_a_code_that_does_not_fit_says_why_before_and_at_the_press(place: Place) -> None:
    with pytest.raises(VoucherUnknown):
        place.opens("SUMMER")
    voucher(place, max_uses=1)
    seen = place.opens("SPRING-5")
    place.world.db.execute(update(Voucher).values(uses=1))
    for press in (lambda: place.presses(seen), lambda: place.opens("SPRING-5")):
        with pytest.raises(DiscountNotUsable) as refused, place.world.db.begin_nested():
            press()
        assert refused.value.message_key == "pricing.used_up"
    assert place.orders() == []


def test_a_code_is_given_out_once(place: Place) -> None:
    voucher(place)
    with pytest.raises(VoucherTaken):
        voucher(place, " SPRING-5")
