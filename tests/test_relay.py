import asyncio
from pathlib import Path

import pytest
import redis.asyncio

from portal.changes import EVERYONE
from portal.relay import CHANNEL, FileRelay, RedisRelay, Topics, relay

SOON = 5


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Listener:
    """Hears in the background what a relay hears."""

    def __init__(self, of: FileRelay | RedisRelay) -> None:
        self._heard: asyncio.Queue[Topics] = asyncio.Queue()
        self._task = asyncio.create_task(self._listen(of))

    async def next(self) -> Topics:
        return await asyncio.wait_for(self._heard.get(), SOON)

    def stop(self) -> None:
        self._task.cancel()

    async def _listen(self, of: FileRelay | RedisRelay) -> None:
        async for topics in of.heard():
            self._heard.put_nowait(topics)


async def listening(url: str, wanted: int) -> None:
    """Wait until so many processes listen."""
    async with redis.asyncio.Redis.from_url(url) as client, asyncio.timeout(SOON):
        while dict(await client.pubsub_numsub(CHANNEL))[CHANNEL.encode()] < wanted:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.01)


@pytest.mark.anyio
async def test_the_server_hears_what_commands_beside_it_change(tmp_path: Path) -> None:
    server = Listener(FileRelay(tmp_path / "changes", server=True))
    await asyncio.sleep(0)
    for number in range(3):
        FileRelay(tmp_path / "changes", server=False).tell([f"family:{number}"])

    assert [await server.next() for _ in range(3)] == [frozenset({f"family:{number}"}) for number in range(3)]
    server.stop()


@pytest.mark.anyio
async def test_what_was_said_before_the_server_started_is_old(tmp_path: Path) -> None:
    command = FileRelay(tmp_path / "changes", server=False)
    command.tell(["family:1"])
    server = Listener(FileRelay(tmp_path / "changes", server=True))
    await asyncio.sleep(0)
    command.tell(["family:2"])

    assert await server.next() == {"family:2"}
    server.stop()


@pytest.mark.anyio
async def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    file = tmp_path / "changes"
    server = Listener(FileRelay(file, server=True))
    await asyncio.sleep(0)
    with file.open("a") as half:
        half.write('["family:1"]\n["fam')
        half.flush()
        assert await server.next() == {"family:1"}
        half.write('ily:2"]\n')

    assert await server.next() == {"family:2"}
    server.stop()


def test_the_server_tells_itself_nothing(tmp_path: Path) -> None:
    FileRelay(tmp_path / "changes", server=True).tell(["family:1"])

    assert not (tmp_path / "changes").exists()


@pytest.mark.anyio
async def test_a_commit_that_concerns_very_many_is_told_as_one_for_everyone(tmp_path: Path) -> None:
    server = Listener(FileRelay(tmp_path / "changes", server=True))
    await asyncio.sleep(0)
    FileRelay(tmp_path / "changes", server=False).tell(f"family:{number}" for number in range(10_000))

    assert await server.next() == {EVERYONE}
    server.stop()


@pytest.mark.anyio
async def test_over_redis_every_other_process_hears_and_nobody_hears_themselves(redis_url: str) -> None:
    mine, others = RedisRelay(redis_url), RedisRelay(redis_url)
    me, them = Listener(mine), Listener(others)
    await listening(redis_url, 2)
    mine.tell(["family:1"])
    others.tell(["family:2"])

    assert await them.next() == {"family:1"}
    assert await me.next() == {"family:2"}
    me.stop()
    them.stop()


@pytest.mark.anyio
async def test_after_redis_was_away_everyone_is_asked_to_look_again(redis_url: str) -> None:
    mine = RedisRelay(redis_url)
    me = Listener(mine)
    await listening(redis_url, 1)
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        await client.client_kill_filter(_type="pubsub")

    assert await me.next() == {EVERYONE}
    RedisRelay(redis_url).tell(["family:1"])
    assert await me.next() == {"family:1"}
    me.stop()


def test_a_redis_that_is_away_fails_no_commit() -> None:
    RedisRelay("redis://127.0.0.1:1/0").tell(["family:1"])


def test_redis_is_used_where_there_is_one(tmp_path: Path) -> None:
    assert isinstance(relay("redis://127.0.0.1:1/0", tmp_path, server=True), RedisRelay)
    assert isinstance(relay(None, tmp_path, server=True), FileRelay)
