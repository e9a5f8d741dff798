"""Codes are typed, and not guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.conditions import first_unmet
from portal.rules.vouchers import GUESSES, can_guess

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("so_many", "ago", "may"),
    [
        (GUESSES - 1, SECOND, True),
        (GUESSES, timedelta(hours=1) - SECOND, False),
        (GUESSES, timedelta(hours=1), True),
        (GUESSES, timedelta(hours=1) + SECOND, True),
    ],
)
def test_after_ten_wrong_codes_in_an_hour_the_next_one_waits(so_many: int, ago: timedelta, may: bool) -> None:
    refused = first_unmet(can_guess([NOW - ago] * so_many, NOW, lambda at: f"{at:%H:%M:%S}"))

    assert (refused is None) is may
    if refused is not None:
        assert refused.holds_from == NOW + SECOND
        assert refused.values == {"time": "12:00:01"}
