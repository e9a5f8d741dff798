"""When a livestream can be joined."""

from datetime import UTC, datetime, timedelta

from portal.rules.livestream import is_open, opens_at

STARTS = datetime(2026, 3, 13, 16, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=45)


def test_it_opens_a_quarter_of_an_hour_before() -> None:
    assert opens_at(STARTS, 15) == datetime(2026, 3, 13, 15, 45, tzinfo=UTC)
    assert is_open(STARTS, ENDS, 15, opens_at(STARTS, 15))
    assert not is_open(STARTS, ENDS, 15, opens_at(STARTS, 15) - timedelta(seconds=1))


def test_it_closes_when_the_session_ends() -> None:
    assert is_open(STARTS, ENDS, 15, ENDS - timedelta(seconds=1))
    assert not is_open(STARTS, ENDS, 15, ENDS)
