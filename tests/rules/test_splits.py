import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.splits import evenly, split

WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@given(st.integers(0, 10**9), WEIGHTS)
def test_no_cent_is_lost_and_no_part_is_a_cent_off(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(
        abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True)
    )


def test_the_larger_parts_come_first() -> None:
    assert evenly(10000, 3) == [3334, 3333, 3333]
    assert evenly(18600, 3) == [6200, 6200, 6200]


def test_what_weighs_nothing_gets_nothing() -> None:
    assert split(500, [0, 1]) == [0, 500]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)
