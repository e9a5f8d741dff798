"""PostgreSQL away while families write: nothing is acknowledged that is not so, and it comes back by itself."""

import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from sqlalchemy import make_url
from sqlmodel import select as rows_of

from portal import db
from portal.models.access import LoginChallenge
from tests.factories import Otterbrook
from tests.support.databases import Cluster, fresh
from tests.support.portal_server import PortalServer
from tests.support.processes import free_port, wait_until
from tests.support.proofs import rounds
from tests.support.write_load import guardians, load

WITHIN = 30
"""Seconds in which everything works again."""


class Cable:
    """The way to a server; pulled, every connection breaks and no new one is made."""

    def __init__(self, to: int) -> None:
        self.port, self._to = free_port(), to
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None

    def plug_in(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def pull(self) -> None:
        for one in [self._listener, *self._open]:
            if one is not None:
                _end(one)
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._open += [near, far]
            Thread(target=_carry, args=(near, far), daemon=True).start()


def _carry(near: socket.socket, far: socket.socket) -> None:
    """Both ways, until either end closes."""
    with suppress(OSError, ValueError):
        while True:
            ready, _, _ = select.select([near, far], [], [])
            for one in ready:
                said = one.recv(65536)
                (far if one is near else near).sendall(said)
                if not said:
                    _end(near)
                    _end(far)
    _end(near)
    _end(far)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.fixture
def cable(postgres_cluster: Cluster) -> Iterator[Cable]:
    made = Cable(make_url(postgres_cluster.url("postgres")).port or 0)
    made.plug_in()
    yield made
    made.pull()


@pytest.mark.proof
def test_postgresql_goes_and_comes_back(
    built_frontend: None, postgres_cluster: Cluster, cable: Cable, tmp_path: Path
) -> None:
    url = fresh(postgres_cluster)
    engine = db.bind(url)
    with db.unit_of_work() as session:
        Otterbrook(session)
    engine.dispose()
    guardians(url, 20000)
    through = make_url(url).set(port=cable.port).render_as_string(hide_password=False)
    server = PortalServer.start(tmp_path, DATABASE_URL=through, TRUSTED_PROXIES="127.0.0.1")
    took = []
    with load(server.url) as asked:
        for _ in range(rounds(1, 10)):
            _more(asked.acknowledged, 5, server, 20)
            cable.pull()
            _more(asked.refused, 5, server, 20)
            cable.plug_in()
            begun = monotonic()
            _more(asked.acknowledged, 1, server, WITHIN)
            took.append(monotonic() - begun)
            assert server.is_well()
    server.stop()

    db.bind(url)
    with db.reading() as session:
        written = set(session.exec(rows_of(LoginChallenge.email)))
    db.engine().dispose()
    assert set(asked.acknowledged) <= written, "an acknowledged write is lost"
    print(
        f"PostgreSQL away {len(took)} times: back after at most {max(took):.1f} s, {len(asked.refused)} refusals"
    )


def _more(answers: list[str], so_many: int, server: PortalServer, seconds: float) -> None:
    """Wait for more answers of a kind."""
    wanted = len(answers) + so_many
    wait_until(lambda: len(answers) >= wanted, server.process, seconds, "the next answers")
