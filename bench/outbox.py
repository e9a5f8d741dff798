"""`python -m bench.outbox`: how many messages a worker sends, and how long one waits, through the real outbox."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from sqlmodel import select

from portal import clock, db, jobs
from portal.channels import Letter
from portal.messages import Written
from portal.models.messages import MessageStatus, OutboxMessage
from portal.services import outbox
from tests.support.databases import cluster
from tests.support.programs import postgresql

MESSAGES = 2_000
ONE_BY_ONE = 100


class Counting:
    """Accepts at once, and remembers when: what is measured is the house, not a mail server."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self._lock = Lock()

    def send(self, letter: Letter) -> str:
        """Its key."""
        with self._lock:
            self.at.append(time.monotonic())
        return letter.key


def main() -> None:
    """SQLite, then PostgreSQL where it is found."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    found = postgresql()
    if found is not None:
        with cluster(found) as running:
            _measure("PostgreSQL", running.empty())


def _measure(name: str, url: str) -> None:
    db.bind(url)
    db.migrate()
    _queue(MESSAGES)
    seconds, sender = asyncio.run(_run(lambda sender: len(sender.at) >= MESSAGES))
    print(f"{name}: {MESSAGES / seconds:.0f} messages a second (one worker, {MESSAGES} waiting)")
    delays = asyncio.run(_delays())
    print(
        f"{name}: committed to handed over, one at a time: median {statistics.median(delays) * 1000:.0f} ms, "
        f"largest {max(delays) * 1000:.0f} ms of {len(delays)}"
    )
    with db.reading() as session:
        left = session.exec(select(OutboxMessage.id).where(OutboxMessage.status != MessageStatus.SENT)).all()
    print(f"{name}: {len(left)} left, {len(sender.at) - MESSAGES} sent twice")


def _queue(count: int) -> None:
    now: datetime = clock.now()
    with db.unit_of_work() as session:
        for number in range(count):
            outbox.queue(
                session, "payment_due", f"g{number}@x.example", Written("s", "t" * 500, "h" * 3000), now
            )


async def _run(done: Callable[[Counting], bool]) -> tuple[float, Counting]:
    sender, stop, begun = Counting(), asyncio.Event(), time.monotonic()
    job = asyncio.create_task(jobs._send_all(sender, stop, outbox.NOWHERE))  # noqa: SLF001 - the part that sends
    while not done(sender):  # noqa: ASYNC110 - what is measured sends from threads and sets no event
        await asyncio.sleep(0.01)
    seconds = time.monotonic() - begun
    stop.set()
    await job
    return seconds, sender


async def _delays() -> list[float]:
    sender, stop, delays = Counting(), asyncio.Event(), []
    job = asyncio.create_task(jobs._send_all(sender, stop, outbox.NOWHERE))  # noqa: SLF001 - the part that sends
    for number in range(1, ONE_BY_ONE + 1):
        await asyncio.sleep(0.01)
        await asyncio.to_thread(_queue, 1)
        committed = time.monotonic()
        while len(sender.at) < number:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)
        delays.append(max(0.0, sender.at[-1] - committed))
    stop.set()
    await job
    return delays


if __name__ == "__main__":
    main()
