"""Instants at which windows have to ask their page again: one timer for all windows of a process."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime

from portal import clock

LONGEST = 30.0
"""Seconds after which the clock is looked at again: it may have been set, or the machine have slept."""


class Alarms:
    """Rings once for each window whose instant has come, on the clock that everything is told by."""

    def __init__(self, ring: Callable[[list[str]], None]) -> None:
        self._ring = ring
        self._due: list[tuple[datetime, str]] = []
        self._at: dict[str, datetime] = {}
        self._timer: asyncio.TimerHandle | None = None

    def set(self, window: str, at: datetime) -> None:
        """Ring this window at this instant, and no more at the one before."""
        self._at[window] = at
        heapq.heappush(self._due, (at, window))
        self._wind()

    def drop(self, window: str) -> None:
        """Ring this window no more."""
        self._at.pop(window, None)

    def stop(self) -> None:
        """Ring nobody any more."""
        self._at.clear()
        self._wind()

    def _wind(self) -> None:
        """Set the one timer to the first instant that still counts."""
        while self._due and self._at.get(self._due[0][1]) != self._due[0][0]:
            heapq.heappop(self._due)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due:
            wait = (self._due[0][0] - clock.now()).total_seconds()
            self._timer = asyncio.get_running_loop().call_later(min(max(wait, 0.0), LONGEST), self._strike)

    def _strike(self) -> None:
        now, rung = clock.now(), []
        while self._due and self._due[0][0] <= now:
            at, window = heapq.heappop(self._due)
            if self._at.get(window) == at:
                del self._at[window]
                rung.append(window)
        self._wind()
        self._ring(rung)
