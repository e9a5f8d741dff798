"""Typing voucher codes: what is not known counts, whoever guesses is stopped, and nobody else is."""

from contextlib import suppress
from datetime import timedelta

import pytest

from portal.actor import SYSTEM
from portal.rules.conditions import Unmet
from portal.services import vouchers
from portal.services.vouchers import NewVoucher
from tests.factories import NOW, TODAY, Household, Otterbrook
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
