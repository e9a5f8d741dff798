from datetime import date, timedelta

import pytest

from portal.rules.discounts import may_be_expected, taken_off


@pytest.mark.parametrize(
    ("price", "percent", "amount", "expected"),
    [
        (12000, 1000, None, 1200),
        (14300, None, 1500, 1500),
        (995, 1000, None, 100),  # 99.5 cents: half a cent counts
        (994, 1000, None, 99),
        (1000, None, 1500, 1000),
        (1000, 10_000, None, 1000),
        (0, 1000, None, 0),
    ],
)
def test_a_discount_takes_off_whole_cents_and_never_more_than_the_price(
    price: int, percent: int | None, amount: int | None, expected: int
) -> None:
    assert taken_off(price, percent, amount) == expected


@pytest.mark.parametrize(
    ("begins", "ends", "used_up", "expected"),
    [
        (0, None, None, True),
        (30, None, None, True),
        (31, None, None, False),
        (-90, -30, None, True),
        (-90, -31, None, False),
        (-90, None, -30, True),
        (-90, None, -31, False),
        (-90, -1, -31, False),
    ],
)
def test_a_discount_is_told_of_for_thirty_days_around_its_time(
    begins: int, ends: int | None, used_up: int | None, expected: bool
) -> None:
    today = date(2026, 3, 12)
    until, used = (None if days is None else today + timedelta(days) for days in (ends, used_up))

    assert may_be_expected(today + timedelta(begins), until, used, today) is expected
