"""Windows without a browser, many at once: events and whole visits a second, and what each window takes."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from time import monotonic

from websockets.asyncio.client import ClientConnection, connect

from tests.support.windows import BOOT, COOKIE, STATE

_NAMESPACE = "/_event"
_MARK = f"{STATE}.set_is_hydrated"
_HYDRATED = '"is_hydrated_rx_state_":{}'
BURST = 20
"""Events between two answers: an event that changes nothing has none, and a window's events run in order."""


@dataclass(frozen=True)
class App:
    """Who is measured: where it is, the switch event, what says that its page is there, and who opens it."""

    url: str
    switch: str
    there: str
    visitors: Sequence[tuple[str, str]] = (("", "one"),)
    """Login token and the member that is chosen, one for each window in turn."""


@asynccontextmanager
async def window(app: App, login: str) -> AsyncIterator[ClientConnection]:
    """A tab that shows its page."""
    headers = {"Origin": app.url} | ({"Cookie": f"{COOKIE}={login}"} if login else {})
    address = f"{app.url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    async with connect(address, additional_headers=headers, max_size=None, compression=None) as socket:
        await socket.recv()
        await socket.send(f"40{_NAMESPACE},")
        await _send(socket, BOOT, {})
        await _until(socket, app.there)
        await _until(socket, _HYDRATED.format("true"))
        yield socket


async def events_a_second(app: App, clients: int, seconds: float) -> float:
    """Switch events handled in so many windows at once, each family choosing a child and everyone in turn."""

    async def press(socket: ClientConnection, member: str, deadline: float) -> int:
        done, choices, marks = 0, cycle((member, "all")), cycle((False, True))
        while monotonic() < deadline:
            for _ in range(BURST):
                await _send(socket, app.switch, {"who": next(choices)})
            mark = next(marks)
            await _send(socket, _MARK, {"value": mark})
            await _until(socket, _HYDRATED.format(str(mark).lower()))
            done += BURST
        return done

    async with AsyncExitStack() as opened:
        found = [visitor for visitor, _ in zip(cycle(app.visitors), range(clients), strict=False)]
        open_now = [(await opened.enter_async_context(window(app, login)), who) for login, who in found]
        begun = monotonic()
        done = await asyncio.gather(*(press(one, who, begun + seconds) for one, who in open_now))
        return sum(done) / (monotonic() - begun)


async def visits_a_second(app: App, clients: int, seconds: float) -> float:
    """Whole visits: connect, hydrate, load the page, leave."""

    async def come_and_go(login: str, deadline: float) -> int:
        done = 0
        while monotonic() < deadline:
            async with window(app, login):
                done += 1
        return done

    begun = monotonic()
    logins = [login for (login, _), _ in zip(cycle(app.visitors), range(clients), strict=False)]
    done = await asyncio.gather(*(come_and_go(login, begun + seconds) for login in logins))
    return sum(done) / (monotonic() - begun)


async def kilobytes_a_window(app: App, clients: int, memory: Callable[[], int]) -> float:
    """Growth of the server's memory for each window that shows its page and stays."""
    async with AsyncExitStack() as opened:
        # The first ones pay for what all share: caches, threads, connections.
        for login, _ in list(app.visitors)[:10]:
            await opened.enter_async_context(window(app, login))
        before = memory()
        for (login, _), _ in zip(cycle(app.visitors), range(clients), strict=False):
            await opened.enter_async_context(window(app, login))
        return (memory() - before) / clients / 1024


def run(load: Awaitable[float]) -> float:
    """The figure, from a loop of its own."""

    async def measured() -> float:
        return await load

    return asyncio.run(measured())


async def _send(socket: ClientConnection, name: str, payload: dict[str, object]) -> None:
    router = {"pathname": "/", "asPath": "/"}
    event = {"name": name, "payload": payload, "router_data": router}
    await socket.send(f"42{_NAMESPACE},{json.dumps(['event', event])}")


async def _until(socket: ClientConnection, wanted: str) -> None:
    """Read, answering the server's pings, until a message holds this."""
    while True:
        text = str(await asyncio.wait_for(socket.recv(), 30))
        if text == "2":
            await socket.send("3")
        elif wanted in text:
            return
