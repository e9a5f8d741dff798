from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from portal import clock
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _clock_of_others() -> Iterator[None]:
    yield
    clock.use(None)


def test_now_is_aware_and_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_injected_clock_is_the_only_source() -> None:
    clock.use(lambda: NOW)

    assert clock.now() == NOW


def test_a_clock_that_starts_somewhere_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([100.0, 100.0, 160.5])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    started = clock.starting_at(NOW.astimezone(timezone(timedelta(hours=-8))))

    assert [started(), started()] == [NOW, NOW + timedelta(seconds=60.5)]


def test_a_start_without_an_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        clock.starting_at(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(("said", "moved"), [("2026-03-12T14:10:00+01:00", True), ("", False), ("  ", False)])
def test_the_environment_may_set_where_it_starts(
    said: str, moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_NOW", said)
    clock.use_environment()

    assert (abs(clock.now() - NOW) < timedelta(seconds=5)) is moved
