from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.quiet import is_quiet, not_before

ZONE = ZoneInfo("Europe/Bratislava")
SECOND = timedelta(seconds=1)


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_quiet_begins_at_its_hour_and_ends_at_its_hour() -> None:
    assert not is_quiet(local(12, 21) - SECOND, ZONE, 21, 8)
    assert is_quiet(local(12, 21), ZONE, 21, 8)
    assert is_quiet(local(13, 8) - SECOND, ZONE, 21, 8)
    assert not is_quiet(local(13, 8), ZONE, 21, 8)


def test_equal_hours_mean_no_quiet() -> None:
    assert not any(is_quiet(local(12, hour), ZONE, 8, 8) for hour in range(24))


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (local(12, 20), local(12, 20)),
        (local(12, 22), local(13, 8)),
        (local(13, 3), local(13, 8)),
        (local(28, 22), local(29, 8)),
        (local(24, 22, month=10), local(25, 8, month=10)),
    ],
)
def test_what_falls_into_the_quiet_goes_in_the_morning_also_when_the_clocks_change(
    at: datetime, goes: datetime
) -> None:
    assert not_before(at, ZONE, 21, 8) == goes


def test_quiet_at_noon_ends_the_same_day() -> None:
    assert not_before(local(12, 13), ZONE, 12, 14) == local(12, 14)
