"""How credit shares a sum, and what must hold before a family is sent to a gateway."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.checkout import Least, Owed, Share, can_pay, shares
from tests.support.conditions import told

OWED = st.lists(st.integers(0, 100_000), max_size=8).map(
    lambda amounts: [Owed(at, amount) for at, amount in enumerate(amounts, start=1)]
)


@given(OWED, st.integers(-5000, 500_000))
def test_shares_are_exact(owed: list[Owed], credit: int) -> None:
    made = shares(owed, credit)

    assert [one.payment_id for one in made] == [one.payment_id for one in owed]
    assert [one.amount_minor + one.credit_minor for one in made] == [one.left_minor for one in owed]
    assert min((part for one in made for part in (one.amount_minor, one.credit_minor)), default=0) >= 0
    total = sum(one.left_minor for one in owed)
    assert sum(one.credit_minor for one in made) == min(max(0, credit), total)


@given(OWED, st.integers(0, 500_000))
def test_a_payment_gets_credit_when_those_before_it_are_covered(owed: list[Owed], credit: int) -> None:
    made = shares(owed, credit)

    for at, one in enumerate(made):
        if one.credit_minor:
            assert not any(before.amount_minor for before in made[:at])


def test_the_first_is_covered_first() -> None:
    owed = [Owed(1, 6200), Owed(2, 8600)]

    assert shares(owed, 7000) == (Share(1, 0, 6200), Share(2, 7800, 800))


@pytest.mark.parametrize(
    ("offered", "ready", "owed", "refusal"),
    [
        (True, True, [Owed(1, 100)], ""),
        (True, True, [Owed(1, 0), Owed(2, 100)], ""),
        (False, False, [], "checkout.not_offered"),
        (True, False, [Owed(1, 100)], "checkout.not_ready"),
        (True, True, [], "checkout.nothing_to_pay"),
        (True, True, [Owed(1, 0)], "checkout.nothing_to_pay"),
        (True, True, [Owed(1, 100), Owed(2, 100, under_way=True)], "checkout.on_its_way"),
        (True, True, [Owed(1, 100, currency="EUR"), Owed(2, 100, currency="CZK")], "checkout.one_currency"),
    ],
)
def test_paying_is_possible_or_says_why_not(
    offered: bool, ready: bool, owed: list[Owed], refusal: str
) -> None:
    assert told(can_pay(offered=offered, ready=ready, owed=owed)) == refusal


@pytest.mark.parametrize(("shown", "refusal"), [(None, ""), (101, ""), (100, ""), (99, "checkout.dearer")])
def test_no_more_is_asked_for_than_was_shown(shown: int | None, refusal: str) -> None:
    owed = [Owed(1, 60), Owed(2, 40)]

    assert told(can_pay(offered=True, ready=True, owed=owed, shown_minor=shown)) == refusal


@given(OWED, st.integers(0, 500_000), st.integers(1, 2000))
def test_what_is_left_for_the_gateway_is_nothing_or_enough_or_refused(
    owed: list[Owed], credit: int, least: int
) -> None:
    smallest = Least(least, "enough")
    made = shares(owed, credit, smallest)
    total, rest = sum(one.left_minor for one in owed), sum(one.amount_minor for one in made)

    assert [one.amount_minor + one.credit_minor for one in made] == [one.left_minor for one in owed]
    assert total - rest <= credit
    refused = told(can_pay(offered=True, ready=True, owed=owed, credit_minor=credit, least=smallest))
    assert (refused == "checkout.too_small") == (0 < rest < least)
    assert (0 < rest < least) == (total < least and credit < total)


@pytest.mark.parametrize(
    ("owes", "credit", "refusal"), [(50, 0, ""), (49, 0, "checkout.too_small"), (49, 49, ""), (99, 60, "")]
)
def test_the_gateways_least_is_enough_and_a_cent_less_is_not(owes: int, credit: int, refusal: str) -> None:
    least = Least(50, "€0.50")
    conditions = can_pay(offered=True, ready=True, owed=[Owed(1, owes)], credit_minor=credit, least=least)

    assert told(conditions) == refusal
