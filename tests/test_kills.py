"""kill -9 while families write: what was acknowledged is there, whole, and every message goes out."""

import os
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete
from sqlmodel import col, func, select

from portal import clock, db
from portal.models.access import LoginChallenge
from portal.models.messages import MessageStatus, OutboxMessage
from portal.rules.delivery import LEASE
from tests.channels.conftest import MailServer
from tests.factories import Otterbrook
from tests.support.databases import Cluster, SQLiteFiles, fresh
from tests.support.portal_server import PortalServer, workers
from tests.support.processes import free_port, wait_until
from tests.support.proofs import rounds
from tests.support.write_load import Load, guardians, load, moment

KILLS = rounds(2, 50)
PEOPLE = rounds(3000, 60000)
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING)


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    """A mail server that keeps what it is given."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


def settings(office: MailServer, **more: str) -> dict[str, str]:
    mail = {"MAIL_URL": f"smtp://127.0.0.1:{office.port}", "MAIL_FROM": "hello@portal.example"}
    return {"PORT": str(free_port()), "TRUSTED_PROXIES": "127.0.0.1", **mail, **more}


def open_house(url: str) -> None:
    engine = db.bind(url)
    with db.unit_of_work() as session:
        Otterbrook(session)
    engine.dispose()
    guardians(url, PEOPLE)


@pytest.mark.proof
def test_a_portal_on_sqlite_that_is_killed_loses_nothing(
    built_frontend: None, sqlite_files: SQLiteFiles, post_office: MailServer, tmp_path: Path
) -> None:
    url, when = fresh(sqlite_files), random.Random(9)
    open_house(url)
    said = settings(post_office, DATABASE_URL=url)
    server = PortalServer.start(tmp_path, **said)
    with load(server.url) as asked:
        for _ in range(KILLS):
            moment(when)
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
            assert _whole(url.removeprefix("sqlite:///"))
            server = PortalServer.start(tmp_path, **said)
        moment(when)
    server.stop()

    _every_message_goes_out(url, tmp_path, said)
    _nothing_is_lost(url, asked, post_office, "SQLite")
    with db.bind(url).begin() as connection:  # the control: one row less would be seen
        connection.execute(delete(LoginChallenge).where(col(LoginChallenge.email) == asked.acknowledged[-1]))
    with pytest.raises(AssertionError, match="an acknowledged write is lost"):
        _nothing_is_lost(url, asked, post_office, "control")


@pytest.mark.proof
def test_a_worker_on_postgresql_that_is_killed_loses_nothing(
    built_frontend: None,
    postgres_cluster: Cluster,
    redis_url: str,
    post_office: MailServer,
    tmp_path: Path,
) -> None:
    url, when = fresh(postgres_cluster), random.Random(9)
    open_house(url)
    said = settings(post_office, DATABASE_URL=url, REDIS_URL=redis_url, WORKERS="2")
    server = PortalServer.start(tmp_path, **said)
    with load(server.url) as asked:
        for _ in range(KILLS):
            moment(when)
            before = workers(server)
            os.kill(before[0], signal.SIGKILL)
            server = _with_another_worker(server, before, tmp_path, said)
        moment(when)
    server.stop()

    _every_message_goes_out(url, tmp_path, said)
    _nothing_is_lost(url, asked, post_office, "PostgreSQL, one worker of two")


def _with_another_worker(
    server: PortalServer, before: list[int], folder: Path, said: dict[str, str]
) -> PortalServer:
    """The server with a new worker; one that gave up is started again, as systemd and Docker do.

    It gives up when the same worker ends twice within seconds.
    """

    def there_is() -> bool:
        return len(set(workers(server)) - set(before)) == 1 and server.is_well()

    try:
        wait_until(there_is, server.process, 30, "a new worker")
    except (RuntimeError, OSError):
        if server.process.poll() is None:
            raise
        return PortalServer.start(folder, **said)
    return server


def _whole(file: str) -> bool:
    with closing(sqlite3.connect(file, timeout=10)) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def _every_message_goes_out(url: str, folder: Path, said: dict[str, str]) -> None:
    """Serve a little later, when the leases of the dead are over, until nothing waits."""
    later = (clock.now() + LEASE + timedelta(minutes=1)).isoformat()
    server = PortalServer.start(folder, **said, PORTAL_NOW=later)
    db.bind(url)
    try:
        wait_until(lambda: _waiting() == 0, server.process, 60, "the last message")
    finally:
        server.stop()


def _waiting() -> int:
    with db.reading() as session:
        left = select(func.count()).where(col(OutboxMessage.status).in_(WAITING))
        return session.exec(left).one()


def _nothing_is_lost(url: str, asked: Load, office: MailServer, on: str) -> None:
    with db.reading() as session:
        challenges = Counter(session.exec(select(LoginChallenge.email)))
        messages = Counter(session.exec(select(OutboxMessage.to_address)))
        fates = Counter(session.exec(select(OutboxMessage.status)))
    db.engine().dispose()
    came = Counter(envelope.rcpt_tos[0] for envelope in office.received)
    print(
        f"{on}: {KILLS} kills, {len(asked.acknowledged)} of {asked.asked} writes acknowledged, "
        f"{len(messages)} messages, {sum(came.values()) - len(came)} duplicates"
    )
    assert asked.acknowledged
    assert asked.refused == []
    assert set(asked.acknowledged) <= set(challenges), "an acknowledged write is lost"
    assert challenges == messages, "half a transaction"
    assert set(fates) == {MessageStatus.SENT}, "a message is stuck"
    assert set(came) == set(messages), "a message is lost"
