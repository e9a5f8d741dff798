"""The hub by itself: who is hinted, how often, and who is not."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from portal import changes
from portal.changes import EVERYONE, acting_window, family, login
from portal.state.live import PAUSE, Hub

VALE, MOSS = family(1), family(2)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Others:
    """The other processes: what they tell is put in, what they are told is kept."""

    def __init__(self) -> None:
        self.told: list[frozenset[str]] = []
        self._said: asyncio.Queue[frozenset[str]] = asyncio.Queue()

    def tell(self, topics: Iterable[str]) -> None:
        self.told.append(frozenset(topics))

    def say(self, *topics: str) -> None:
        self._said.put_nowait(frozenset(topics))

    async def heard(self) -> AsyncIterator[frozenset[str]]:
        while True:
            yield await self._said.get()


class House:
    """A running hub whose windows are a list."""

    def __init__(self) -> None:
        self.hub, self.others = Hub(), Others()
        self.hinted: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.open = {"a", "b"}

    async def send(self, window: str, ask: str) -> None:
        if window == "broken":
            raise ConnectionError
        self.hinted.put_nowait((window, ask))

    def is_open(self, window: str) -> bool:
        return window in self.open

    def show(self, window: str, *topics: str, ask: str = "home.load") -> None:
        """The window has loaded its page."""
        self.hub.follow(window, topics, ask, self.hub.mark())

    async def next(self) -> tuple[str, str]:
        return await asyncio.wait_for(self.hinted.get(), 5)

    async def all_within(self, seconds: float) -> list[tuple[str, str]]:
        """Every hint until so much time has passed on the loop's clock."""
        await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=seconds)
        return [self.hinted.get_nowait() for _ in range(self.hinted.qsize())]


@pytest.fixture
async def house(anyio_backend: str) -> AsyncIterator[House]:
    made = House()
    running = asyncio.create_task(made.hub.run(made.others, made.send, made.is_open))
    await asyncio.sleep(0)
    yield made
    running.cancel()


@pytest.mark.anyio
async def test_a_commit_in_any_thread_hints_the_windows_that_follow_it_and_tells_the_others(
    house: House,
) -> None:
    house.show("a", VALE)
    house.show("b", MOSS)
    await asyncio.to_thread(changes.announce, [VALE])

    assert await house.next() == ("a", "home.load")
    assert house.hinted.empty()
    assert house.others.told == [frozenset({VALE})]


@pytest.mark.anyio
async def test_what_another_process_commits_hints_too_and_is_not_told_back(house: House) -> None:
    house.show("a", VALE)
    house.others.say(VALE)

    assert await house.next() == ("a", "home.load")
    assert house.others.told == []


@pytest.mark.anyio
async def test_a_window_is_hinted_for_the_page_it_shows_now(house: House) -> None:
    house.show("a", VALE, ask="home.load")
    house.show("a", MOSS, ask="payments.load")
    house.hub.tell([VALE])
    house.hub.tell([MOSS])

    assert await house.next() == ("a", "payments.load")
    assert await house.all_within(PAUSE / 2) == []


@pytest.mark.anyio
async def test_many_changes_at_once_are_one_hint_now_and_one_after_the_pause(house: House) -> None:
    house.show("a", VALE)
    for _ in range(50):
        house.hub.tell([VALE])
    await house.next()
    for _ in range(50):
        house.hub.tell([VALE])
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await house.next()

    assert loop.time() - begun > PAUSE / 2
    assert await house.all_within(2 * PAUSE) == []


@pytest.mark.anyio
async def test_reloading_does_not_shorten_the_pause(house: House) -> None:
    house.show("a", VALE)
    for _ in range(5):
        house.hub.tell([VALE])
        await asyncio.sleep(0)
        house.show("a", VALE)

    assert len(await house.all_within(PAUSE * 0.8)) == 1


@pytest.mark.anyio
async def test_a_change_committed_while_a_page_is_read_is_not_missed(house: House) -> None:
    since = house.hub.mark()
    house.hub.tell([VALE])
    house.hub.follow("a", [VALE], "home.load", since)

    assert await house.next() == ("a", "home.load")


@pytest.mark.anyio
async def test_a_page_that_was_read_after_the_change_is_left_in_peace(house: House) -> None:
    house.hub.tell([VALE])
    house.show("a", VALE)

    assert await house.all_within(PAUSE / 2) == []


@pytest.mark.anyio
async def test_the_window_that_acts_reloads_by_itself(house: House) -> None:
    house.show("a", login(1))
    house.show("b", login(1))
    acting_window.set("a")
    await asyncio.to_thread(changes.announce, [login(1)])
    acting_window.set("")

    assert await house.next() == ("b", "home.load")
    assert await house.all_within(PAUSE / 2) == []


@pytest.mark.anyio
async def test_what_concerns_everyone_reaches_a_crowd_spread_out_but_within_a_second(house: House) -> None:
    crowd = {f"window {number}" for number in range(600)}
    house.open |= crowd
    for window in crowd:
        house.show(window, EVERYONE)
    house.hub.tell([EVERYONE])

    assert 0 < len(await house.all_within(0.1)) < 400
    assert len(await house.all_within(0.8)) > 200


@pytest.mark.anyio
async def test_a_closed_window_is_forgotten(house: House) -> None:
    house.show("a", VALE)
    house.open.clear()
    house.hub.tell([VALE])
    await house.all_within(PAUSE / 2)

    assert house.hub.following() == 0


@pytest.mark.anyio
async def test_a_window_that_cannot_be_reached_keeps_no_other_from_its_hint(house: House) -> None:
    house.open.add("broken")
    house.show("broken", VALE)
    house.show("a", VALE)
    house.hub.tell([VALE])

    assert await house.next() == ("a", "home.load")
