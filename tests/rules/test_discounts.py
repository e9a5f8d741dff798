import pytest

from portal.rules.discounts import taken_off


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
