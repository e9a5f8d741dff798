from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import money

CURRENCIES = {"EUR": 2, "CZK": 2, "GBP": 2, "JPY": 0, "KWD": 3}


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (14800, "EUR", "€148.00"),
        (5, "EUR", "€0.05"),
        (0, "EUR", "€0.00"),
        (-800, "EUR", "−€8.00"),
        (123456789, "GBP", "£1,234,567.89"),
        (148, "JPY", "JP¥148"),
        (1480, "KWD", "KWD1.480"),
    ],
)
def test_money_is_shown_in_its_currency(amount: int, currency: str, said: str) -> None:
    assert money.show(amount, currency) == said


def test_money_is_shown_in_the_providers_language() -> None:
    assert money.show(123450, "EUR", "sk_SK") == "1\N{NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize(("change", "said"), [(1200, "+€12.00"), (-800, "−€8.00"), (0, "€0.00")])
def test_a_change_says_its_direction(change: int, said: str) -> None:
    assert money.show_change(change, "EUR") == said


@given(st.integers(-(10**18), 10**18), st.sampled_from(sorted(CURRENCIES)))
def test_no_amount_loses_a_cent(amount: int, currency: str) -> None:
    said = Decimal(money.plain(amount, currency))

    assert said.scaleb(CURRENCIES[currency]) == amount
    assert -said.as_tuple().exponent == CURRENCIES[currency]  # type: ignore[operator]
