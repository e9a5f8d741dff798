from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.instalments import monthly, parts, schedule

TOTALS, COUNTS = st.integers(0, 10**8), st.integers(1, 36)


@given(TOTALS, COUNTS, TOTALS)
def test_parts_add_up_to_the_total_and_none_is_negative(total: int, count: int, deposit: int) -> None:
    amounts = parts(total, count, deposit)
    assert (sum(amounts), len(amounts)) == (total, count)
    assert min(amounts) >= 0


@given(TOTALS, st.dates(date(2000, 1, 1), date(2090, 1, 1)), COUNTS, TOTALS)
def test_a_schedule_asks_for_the_total_on_rising_days_and_never_for_nothing(
    total: int, first: date, count: int, deposit: int
) -> None:
    planned = schedule(total, first, count, deposit)
    days = [one.due_on for one in planned]
    assert sum(one.amount_minor for one in planned) == total
    assert all(one.amount_minor for one in planned) or len(planned) == 1
    assert days == sorted(set(days))
    assert days[0] == first
    assert len(planned) <= count


def test_the_deposit_comes_first_and_the_rest_is_even() -> None:
    planned = schedule(10000, date(2026, 3, 12), 4, 2500)
    assert [one.amount_minor for one in planned] == [2500, 2500, 2500, 2500]
    assert parts(10000, 4, 2000) == [2000, 2667, 2667, 2666]


def test_a_deposit_above_the_total_is_all_there_is_to_pay() -> None:
    assert [one.amount_minor for one in schedule(900, date(2026, 3, 12), 3, 1000)] == [900]


def test_the_last_of_january_is_the_last_of_february_and_the_last_of_march() -> None:
    days = monthly(date(2027, 12, 31), 4)
    assert days == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


@pytest.mark.parametrize("wrong", [(100, 0, 0), (-1, 2, 0), (100, 2, -1)])
def test_what_cannot_be_divided_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="divided"):
        parts(*wrong)
