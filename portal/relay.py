"""How one process tells the others what it changed: over Redis where there is one, else through a file.

Only topics travel, never data. Several workers need Redis; one server and the commands beside it share the
file.
"""

import asyncio
import json
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Protocol

import redis
import redis.asyncio

from portal.changes import EVERYONE

CHANNEL = "portal:changes"
_MOST_TOPICS = 200
"""A commit that concerns more than that, such as an import, is told as one for everyone."""
_LOOK_EVERY = 0.4
_RETRY_AFTER = 0.5
_log = logging.getLogger(__name__)
Topics = frozenset[str]


class Line:
    """Whether this process reaches what it shares with the others; whoever listens is told when it no longer does."""

    def __init__(self) -> None:
        self.up = True
        self._listeners: set[Callable[[], None]] = set()

    def listen(self, cut: Callable[[], None]) -> Callable[[], None]:
        """Call `cut` on the event loop when the line is cut; returns the way to stop."""
        self._listeners.add(cut)
        return lambda: self._listeners.discard(cut)

    def cut(self) -> None:
        """Nothing can be told or heard any more."""
        self.up = False
        for listener in [*self._listeners]:
            listener()

    def mend(self) -> None:
        """It can again."""
        self.up = True


class Relay(Protocol):
    """Carries topics between processes."""

    def tell(self, topics: Iterable[str]) -> None:
        """Tell the other processes, in the committing thread. It may fail, which never fails the commit."""

    def heard(self) -> AsyncIterator[Topics]:
        """What other processes tell, for ever; EVERYONE where something may have been missed."""


class FileRelay:
    """Lines at the end of one file: commands write, the server reads and has nobody to tell."""

    def __init__(self, file: Path, *, server: bool) -> None:
        self._file = file
        self._server = server

    def tell(self, topics: Iterable[str]) -> None:
        """One line in one write, so that two commands at once do not mix theirs."""
        if self._server:
            return
        line = json.dumps(_few(topics)) + "\n"
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w") as end:
            end.write(line)

    async def heard(self) -> AsyncIterator[Topics]:
        """Looks every 0.4 s; what was written before the start is old, and the file starts empty."""
        self._file.unlink(missing_ok=True)
        read = 0
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            lines, read = _new_lines(self._file, read)
            for line in lines:
                yield frozenset(json.loads(line))


class RedisRelay:
    """Published to every process that listens; each leaves out what it said itself."""

    def __init__(self, url: str, line: Line | None = None) -> None:
        self._line = line or Line()
        self._me = secrets.token_hex(8)
        self._url = url
        # A commit waits for this, so not for long.
        self._out = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    def tell(self, topics: Iterable[str]) -> None:
        """Publish; a Redis that is away is logged in one line, windows catch up when it is back."""
        try:
            self._out.publish(CHANNEL, json.dumps({"from": self._me, "topics": _few(topics)}))
        except redis.RedisError as error:
            _log.warning("other processes were not told of a change: %s", type(error).__name__)

    async def heard(self) -> AsyncIterator[Topics]:
        """Listens again when the connection was lost, and tells everyone: something may have been missed."""
        missed = False
        while True:
            try:
                async for topics in self._listen(missed=missed):
                    yield topics
            except (redis.RedisError, OSError) as error:
                self._line.cut()
                _log.warning(
                    "changes of other processes are not heard, trying again: %s", type(error).__name__
                )
            missed = True
            await asyncio.sleep(_RETRY_AFTER)

    async def _listen(self, *, missed: bool) -> AsyncIterator[Topics]:
        async with (
            redis.asyncio.Redis.from_url(
                self._url, socket_connect_timeout=2, health_check_interval=5
            ) as client,
            client.pubsub() as channel,
        ):
            await channel.subscribe(CHANNEL)
            while True:
                message = await channel.get_message(timeout=5)
                if message is None:
                    continue
                if message["type"] == "subscribe" and missed:
                    self._line.mend()
                    yield frozenset({EVERYONE})
                if message["type"] == "message":
                    said = json.loads(message["data"])
                    if said["from"] != self._me:
                        yield frozenset(said["topics"])


def relay(redis_url: str | None, folder: Path, *, server: bool, line: Line | None = None) -> Relay:
    """The relay of these settings; `server` for the process that serves, which reads what commands leave."""
    return RedisRelay(redis_url, line) if redis_url else FileRelay(folder / "changes", server=server)


def _few(topics: Iterable[str]) -> list[str]:
    told = sorted(topics)
    return told if len(told) <= _MOST_TOPICS else [EVERYONE]


def _new_lines(file: Path, read: int) -> tuple[list[str], int]:
    """The whole lines after `read` bytes, and how far they go; from the start of a file that began anew."""
    try:
        size = file.stat().st_size
        if size == read:
            return [], read
        with file.open("rb") as source:
            source.seek(read if read < size else 0)
            text = source.read()
            start = source.tell() - len(text)
    except FileNotFoundError:
        return [], 0
    whole = text.rpartition(b"\n")[0]
    end = start + len(whole) + 1 if whole else start
    return whole.decode().splitlines(), end
