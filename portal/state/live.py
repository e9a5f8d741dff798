"""The live hub: which window follows which topics, and the hint that makes a window ask its page again.

A hint carries no data. The window sends the page's own event over its own socket, through the guard, as if
somebody had pressed Refresh; so a window can never be told more than it may ask for.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from portal import changes, db
from portal.changes import EVERYONE, acting_window
from portal.errors import PortalError
from portal.relay import Relay
from portal.state.alarms import Alarms

Send = Callable[[str, str], Awaitable[None]]
"""Make the window with this client token send the event of this name."""
Here = Callable[[str], bool]
"""Whether the window with this client token is connected to this process."""

PAUSE = 0.2
_SPREAD = 0.5
_SWEEP_EVERY = 30.0
_ASK_AGAIN_EVERY = 1.0
_MOST_TOLD = 10_000
_log = logging.getLogger(__name__)


@dataclass
class Window:
    """An open window: what it follows, the event that reloads its page, and when it was last hinted."""

    topics: frozenset[str] = frozenset()
    ask: str = ""
    hinted_at: float = float("-inf")
    waits: bool = False


class Hub:
    """The windows of this process. Everything but the listener runs on the event loop."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}
        self._followers: dict[str, set[str]] = {}
        self._unanswered: dict[str, str] = {}
        self._told: dict[str, int] = {}
        self._count = self._floor = 0
        self._alarms = Alarms(self._struck)
        self._sending: set[asyncio.Task[None]] = set()
        self._send: Send | None = None
        self._here: Here | None = None

    def mark(self) -> int:
        """Taken before reading and given to follow() after: what is committed in between is not missed."""
        return self._count

    def follow(
        self, window: str, topics: Iterable[str], ask: str, since: int, until: datetime | None = None
    ) -> None:
        """From `since` on, hint `window` with the event `ask` on every change of `topics`, and at `until`."""
        # The same window goes on, so that a hint under way and the pause after the last one still count.
        found = self._windows.get(window) or Window()
        self.forget(window)
        found.topics, found.ask = frozenset(topics), ask
        self._windows[window] = found
        for topic in found.topics:
            self._followers.setdefault(topic, set()).add(window)
        if until is not None:
            self._alarms.set(window, until)
        if since < self._floor or any(self._told.get(topic, 0) > since for topic in found.topics):
            self._hint(window)

    def forget(self, window: str) -> None:
        """Hint this window no more."""
        gone = self._windows.pop(window, None)
        self._unanswered.pop(window, None)
        self._alarms.drop(window)
        for topic in gone.topics if gone else ():
            followers = self._followers[topic]
            followers.discard(window)
            if not followers:
                del self._followers[topic]

    def asks(self, window: str) -> str:
        """The event that reloads the page this window shows; empty before it has shown one."""
        found = self._windows.get(window)
        return found.ask if found else ""

    def following(self) -> int:
        """How many windows follow anything."""
        return len(self._windows)

    def ask_again(self, window: str, ask: str) -> None:
        """It could not be answered without a database: hint it with this event when that is back."""
        self._unanswered.setdefault(window, ask)

    def tell(self, topics: Iterable[str], besides: str = "") -> None:
        """Hint every window that follows one of these, except the one that made the change."""
        told = frozenset(topics)
        self._count += 1
        self._told.update(dict.fromkeys(told, self._count))
        if len(self._told) > _MOST_TOLD:
            self._told.clear()
            self._floor = self._count
        concerned = set().union(*(self._followers.get(topic, ()) for topic in told))
        concerned.discard(besides)
        if EVERYONE in told:
            self._hint_crowd(concerned)
        else:
            for window in concerned:
                self._hint(window)

    async def run(self, relay: Relay, send: Send, here: Here) -> None:
        """Serve until cancelled: hear this process's commits and the other processes'."""
        self._send, self._here = send, here
        loop = asyncio.get_running_loop()

        def committed(topics: frozenset[str]) -> None:
            """In the committing thread."""
            loop.call_soon_threadsafe(self.tell, topics, acting_window.get())
            relay.tell(topics)

        stop = changes.listen(committed)
        try:
            await asyncio.gather(self._hear(relay), self._sweep(), self._answer())
        finally:
            stop()
            self._alarms.stop()
            self._send = self._here = None

    async def _hear(self, relay: Relay) -> None:
        async for topics in relay.heard():
            self.tell(topics)

    async def _sweep(self) -> None:
        """Forget windows that are closed, also those that nothing has happened to."""
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            for window in [*self._windows]:
                if self._here and not self._here(window):
                    self.forget(window)

    async def _answer(self) -> None:
        """Hint the windows that could not be answered, as soon as the database is back."""
        while True:
            await asyncio.sleep(_ASK_AGAIN_EVERY)
            if not self._unanswered:
                continue
            if await asyncio.to_thread(_database_is_there):
                waiting, self._unanswered = self._unanswered, {}
                for window, ask in waiting.items():
                    self._deliver(window, ask)

    def _struck(self, windows: Collection[str]) -> None:
        """The clock has changed what these show; sessions start on the hour, so there may be many."""
        self._hint_crowd([window for window in windows if window in self._windows])

    def _hint_crowd(self, windows: Collection[str]) -> None:
        """Many at once would all wait for the last one: a crowd is spread over half a second."""
        crowd = min(1.0, len(windows) / 500)
        for number, window in enumerate(windows):
            self._hint(window, crowd * _SPREAD * number / len(windows))

    def _hint(self, window: str, after: float = 0.0) -> None:
        """Now, or when the pause since the last hint is over; several changes until then are one hint."""
        loop, found = asyncio.get_running_loop(), self._windows[window]
        if found.waits:
            return
        found.waits = True
        loop.call_later(max(after, found.hinted_at + PAUSE - loop.time()), self._due, window, found)

    def _due(self, window: str, found: Window) -> None:
        found.waits, found.hinted_at = False, asyncio.get_running_loop().time()
        if self._windows.get(window) is found:
            self._deliver(window, found.ask)

    def _deliver(self, window: str, ask: str) -> None:
        if self._send is None or self._here is None:
            return
        if not self._here(window):
            self.forget(window)
            return
        task = asyncio.ensure_future(self._safely(self._send(window, ask)))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _safely(self, sending: Awaitable[None]) -> None:
        try:
            await sending
        except Exception:  # noqa: BLE001 - whatever it is, the other windows are still hinted
            _log.exception("a window could not be hinted")


def _database_is_there() -> bool:
    try:
        db.ping()
    except PortalError:
        return False
    return True


hub = Hub()
"""This process's hub."""
