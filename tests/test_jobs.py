import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlmodel import Session, select

from portal import changes, clock, db, jobs
from portal.actor import Actor
from portal.channels import Letter, Refused
from portal.messages import Written
from portal.models.access import LoginChallenge, LoginSession
from portal.models.messages import MessageStatus, OutboxMessage
from portal.services import logins, outbox
from portal.services.desk import Desk
from tests.factories import NOW, Otterbrook

pytestmark = pytest.mark.anyio
WRITTEN = Written("Subject", "text", "html")
SOON = 10.0
"""Seconds; a test that waits so long has failed."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Sender:
    """Does `answer`, then says that something came."""

    answer: Callable[[Letter], str] = lambda letter: f"id of {letter.key}"
    sent: list[Letter] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def send(self, letter: Letter) -> str:
        self.sent.append(letter)
        try:
            return self.answer(letter)
        finally:
            self.loop.call_soon_threadsafe(self.came.set)


def queue() -> None:
    with db.unit_of_work() as session:
        outbox.queue(session, "sign_in", "nora@vale.example", WRITTEN, clock.now(), secret=True)


def status() -> str:
    with db.reading() as session:
        return session.exec(select(OutboxMessage)).one().status


def keep_house(now: datetime) -> None:
    for job in jobs.PERIODIC:
        jobs.do_once(job, now)


async def run(sender: Sender, meanwhile: Callable[[], None]) -> None:
    """Start the jobs of a worker, do something, wait until a letter came, stop the worker."""
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.run_jobs(sender, stop))
    await asyncio.to_thread(meanwhile)
    await asyncio.wait_for(sender.came.wait(), SOON)
    stop.set()
    await asyncio.wait_for(working, SOON)


async def test_what_waits_when_a_worker_starts_is_sent(fresh_db: str) -> None:
    queue()
    await run(Sender(), lambda: None)

    assert status() == MessageStatus.SENT


async def test_a_new_message_is_sent_at_once_and_not_at_the_next_look(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_AGAIN", 3600.0)
    sender, stop = Sender(), asyncio.Event()
    working = asyncio.create_task(jobs.run_jobs(sender, stop))
    for _ in range(3):
        sender.came.clear()
        await asyncio.to_thread(queue)
        await asyncio.wait_for(sender.came.wait(), SOON)
    stop.set()
    await working

    assert len(sender.sent) == 3


async def test_a_sender_that_hangs_does_not_stop_the_event_loop(fresh_db: str) -> None:
    let_go, hangs = Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(_: Letter) -> str:
        loop.call_soon_threadsafe(hangs.set)
        assert let_go.wait(SOON)
        return "id"

    sender, stop = Sender(hang), asyncio.Event()
    working = asyncio.create_task(jobs.run_jobs(sender, stop))
    await asyncio.to_thread(queue)
    await asyncio.wait_for(hangs.wait(), SOON)  # the loop turns while the sender hangs
    stop.set()
    let_go.set()
    await asyncio.wait_for(working, SOON)

    assert status() == MessageStatus.SENT, "what is being sent when the worker stops is still finished"


@pytest.mark.parametrize("trouble", [Refused("451 later", permanent=False), RuntimeError("a fault of ours")])
async def test_a_message_that_fails_stays_in_the_outbox(fresh_db: str, trouble: Exception) -> None:
    def refuse(_: Letter) -> str:
        raise trouble

    await run(Sender(refuse), queue)

    assert status() == MessageStatus.QUEUED


async def test_a_database_that_is_away_is_asked_again(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = iter([RuntimeError("the database is away with nora@vale.example"), None])
    lease = jobs._lease

    def away_once(desk: Desk) -> list[outbox.Leased]:
        trouble = next(looks, None)
        if trouble:
            raise trouble
        return lease(desk)

    monkeypatch.setattr(jobs, "_lease", away_once)
    monkeypatch.setattr(jobs, "LOOK_AGAIN", 0.01)
    queue()
    await run(Sender(), lambda: None)

    assert status() == MessageStatus.SENT
    assert "nora" not in caplog.text


async def test_a_worker_that_stopped_no_longer_listens(fresh_db: str) -> None:
    before = len(changes._listeners)
    await run(Sender(), queue)

    assert len(changes._listeners) == before


def test_a_login_in_use_is_written_down_once_an_hour(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        guardian_id = Otterbrook(session).family().guardian_id
        token = logins.open_for_guardian(session, guardian_id, "", NOW)

    def use(minutes: int) -> None:
        with db.reading() as session:
            assert logins.actor_of(session, token, NOW + timedelta(minutes=minutes))
        keep_house(NOW + timedelta(minutes=minutes))

    def last_seen() -> timedelta:
        with db.reading() as session:
            return session.exec(select(LoginSession.last_seen_at)).one() - NOW

    use(59)
    assert last_seen() == timedelta()
    use(61)
    assert last_seen() == timedelta(minutes=61)


def test_the_house_forgets_old_sign_ins(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        old = NOW - timedelta(days=2)
        session.add(
            LoginChallenge(email="a@b.example", code_hash="", link_hash="l", created_at=old, expires_at=old)
        )
    keep_house(NOW)

    with db.reading() as session:
        assert session.exec(select(LoginChallenge)).all() == []


async def test_a_job_that_fails_is_done_again_and_keeps_no_other_from_its_work(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loop, twice, done = asyncio.get_running_loop(), asyncio.Event(), []

    def fail(_db: Session, _actor: Actor, now: datetime) -> None:
        done.append(now)
        if len(done) == 2:
            loop.call_soon_threadsafe(twice.set)
        raise ValueError("nora@vale.example")

    often = jobs.Periodic("breaks", 0.01, fail)
    monkeypatch.setattr(jobs, "PERIODIC", (often,))
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.run_jobs(Sender(), stop))
    await asyncio.wait_for(twice.wait(), SOON)
    stop.set()
    await asyncio.wait_for(working, SOON)

    assert "ValueError" in caplog.text
    assert "nora" not in caplog.text


def test_what_a_job_did_before_it_failed_is_undone(fresh_db: str) -> None:
    def half(session: Session, _actor: Actor, now: datetime) -> None:
        outbox.queue(session, "sign_in", "nora@vale.example", WRITTEN, now, secret=True)
        raise KeyError

    with pytest.raises(KeyError):
        jobs.do_once(jobs.Periodic("breaks", 1, half), NOW)
    with db.reading() as session:
        assert session.exec(select(OutboxMessage)).all() == []
