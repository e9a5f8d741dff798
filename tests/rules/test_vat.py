from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.vat import Taxed, by_rate, taken_back, within

RATES = st.sampled_from([0, 500, 1000, 1900, 2000, 2300])
PRICES = st.integers(-10_000_000, 10_000_000)


@pytest.mark.parametrize(
    ("price", "rate", "tax"), [(12300, 2300, 2300), (6200, 2300, 1159), (-6200, 2300, -1159), (6200, 0, 0)]
)
def test_a_price_includes_its_tax(price: int, rate: int, tax: int) -> None:
    assert within(price, rate) == tax


@given(PRICES, RATES)
def test_the_tax_is_never_more_than_half_a_cent_off(price: int, rate: int) -> None:
    exact = Fraction(price) * rate / (10_000 + rate)
    assert abs(within(price, rate) - exact) <= Fraction(1, 2)


def test_lines_of_one_rate_are_taxed_together_the_highest_rate_first() -> None:
    assert by_rate([(500, 1050), (2300, 6200), (2300, 6100)]) == [
        Taxed(2300, 10000, 2300, 12300),
        Taxed(500, 1000, 50, 1050),
    ]


@given(st.lists(st.tuples(RATES, PRICES), min_size=1, max_size=8))
def test_no_cent_is_lost(lines: list[tuple[int, int]]) -> None:
    taxed = by_rate(lines)
    assert sum(row.total_minor for row in taxed) == sum(price for _, price in lines)
    assert all(row.base_minor + row.vat_minor == row.total_minor for row in taxed)


@given(st.lists(st.tuples(RATES, st.integers(1, 100_000)), min_size=1, max_size=5), st.integers(-99_999, -1))
def test_a_part_given_back_is_that_part_to_the_cent(lines: list[tuple[int, int]], part: int) -> None:
    taxed = by_rate(lines)
    part = max(part, -sum(row.total_minor for row in taxed))
    rows = taken_back(taxed, [], -part)
    assert sum(row.total_minor for row in rows) == part
    assert all(row.total_minor <= 0 for row in rows)


@given(
    st.lists(st.tuples(RATES, st.integers(1, 100_000)), min_size=1, max_size=5),
    st.lists(st.integers(1, 90_000), max_size=6),
)
def test_credit_notes_together_take_back_the_whole_and_its_tax(
    lines: list[tuple[int, int]], wanted: list[int]
) -> None:
    taxed, amounts = by_rate(lines), list[int]()
    whole = sum(row.total_minor for row in taxed)
    for amount in (*wanted, whole):
        if left := min(amount, whole - sum(amounts)):
            amounts.append(left)
    notes = [taken_back(taxed, amounts[:at], amount) for at, amount in enumerate(amounts)]

    for at, row in enumerate(taxed):
        mine = [rows[at] for rows in notes]
        assert sum(one.total_minor for one in mine) == -row.total_minor
        assert sum(one.vat_minor for one in mine) == -row.vat_minor
        assert sum(one.base_minor for one in mine) == -row.base_minor
        assert all(one.total_minor <= 0 >= one.vat_minor for one in mine)
