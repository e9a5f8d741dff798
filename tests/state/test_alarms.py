"""Windows are asked again when the clock says so: the injected clock, one timer for all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.state.alarms import Alarms
from portal.state.live import Hub

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
SOON, LATER = timedelta(milliseconds=20), timedelta(milliseconds=60)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def running_clock() -> Iterator[None]:
    """It is noon on the day of the story, whatever day it is."""
    clock.use(clock.starting_at(NOON))
    yield
    clock.use(None)


class Bell:
    """What was rung, and when on the injected clock."""

    def __init__(self) -> None:
        self.rung: asyncio.Queue[tuple[list[str], datetime]] = asyncio.Queue()

    def __call__(self, windows: list[str]) -> None:
        if windows:
            self.rung.put_nowait((windows, clock.now()))

    async def next(self) -> tuple[list[str], datetime]:
        return await asyncio.wait_for(self.rung.get(), 5)


@pytest.mark.anyio
async def test_each_window_is_rung_once_at_its_instant_in_their_order() -> None:
    bell = Bell()
    alarms = Alarms(bell)
    alarms.set("late", NOON + LATER)
    alarms.set("early", NOON + SOON)

    first, second = await bell.next(), await bell.next()

    assert (first[0], second[0]) == (["early"], ["late"])
    assert first[1] >= NOON + SOON
    assert second[1] >= NOON + LATER
    assert bell.rung.empty()


@pytest.mark.anyio
async def test_only_the_last_instant_of_a_window_counts_and_a_dropped_one_never() -> None:
    bell = Bell()
    alarms = Alarms(bell)
    alarms.set("moved", NOON + SOON)
    alarms.set("gone", NOON + SOON)
    alarms.set("moved", NOON + LATER)
    alarms.drop("gone")

    windows, at = await bell.next()

    assert windows == ["moved"]
    assert at >= NOON + LATER
    assert bell.rung.empty()


@pytest.mark.anyio
async def test_many_windows_wait_for_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, waiting = asyncio.get_running_loop(), set[asyncio.TimerHandle]()
    plain = loop.call_later

    def call_later(*asked: object) -> asyncio.TimerHandle:
        handle = plain(*asked)  # type: ignore[arg-type]
        waiting.add(handle)
        return handle

    monkeypatch.setattr(loop, "call_later", call_later)
    alarms = Alarms(Bell())
    for number in range(1000):
        alarms.set(f"window {number}", NOON + timedelta(hours=1, seconds=number % 7))

    assert sum(not handle.cancelled() for handle in waiting) == 1
    alarms.stop()
    assert all(handle.cancelled() for handle in waiting)


@pytest.mark.anyio
async def test_a_page_whose_instant_comes_is_hinted_without_any_change() -> None:
    hub, hinted = Hub(), asyncio.Queue[tuple[str, str]]()

    class Alone:
        def tell(self, topics: object) -> None:
            """Nobody else is there."""

        async def heard(self) -> AsyncIterator[frozenset[str]]:
            await asyncio.Event().wait()
            yield frozenset()

    async def send(window: str, ask: str) -> None:
        hinted.put_nowait((window, ask))

    running = asyncio.create_task(hub.run(Alone(), send, lambda _: True))
    await asyncio.sleep(0)
    hub.follow("a", {"family:1"}, "home.load", hub.mark(), NOON + SOON)
    hub.follow("b", {"family:1"}, "orders.load", hub.mark())

    assert await asyncio.wait_for(hinted.get(), 5) == ("a", "home.load")
    assert hinted.empty()
    running.cancel()
