"""Fresh databases: migrated once, copied for each test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from portal import db
from tests.support.processes import free_port, stop, wait_until

_numbers = count(1)


class Databases(Protocol):
    """Where fresh databases come from."""

    def fresh(self) -> str:
        """The URL of a new database with this version's tables."""


class SQLiteFiles:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def fresh(self) -> str:
        copy = self._folder / f"{next(_numbers)}.db"
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"


class Cluster:
    """A private PostgreSQL cluster: this test run's only, without durability, on a port of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._migrated = False

    def url(self, name: str) -> str:
        """The URL of the database of that name."""
        return f"postgresql+psycopg://portal@127.0.0.1:{self._port}/{name}"

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._create("template1")

    def fresh(self) -> str:
        if not self._migrated:
            self._run("create database portal_template")
            _migrate(self.url("portal_template"))
            self._migrated = True
        return self._create("portal_template")

    def _create(self, template: str) -> str:
        name = f"test_{next(_numbers)}"
        self._run(f"create database {name} template {template}")
        return self.url(name)

    def _run(self, statement: str) -> None:
        where = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Start a cluster in a temporary folder; PostgreSQL refuses root, so root lends it to another user."""
    user = _server_user()
    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        initdb = [
            "-D",
            str(data),
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        _as(user, [str(programs / "initdb"), *initdb]).wait()
        off = [f"-c{name}=off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
        where = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        server = _as(user, [str(programs / "postgres"), *where, "-cmax_connections=200", *off])
        try:
            wait_until(lambda: _accepts(programs, port), server, 30, "PostgreSQL")
            yield Cluster(port)
        finally:
            stop(server, signal.SIGQUIT)


def _server_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(user: str | None, command: list[str]) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        user=user,
        extra_groups=[] if user else None,
        start_new_session=True,
        cwd="/",
        stdout=quiet,
        stderr=quiet,
    )


def _accepts(programs: Path, port: int) -> bool:
    asked = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(asked, check=False).returncode == 0


def _migrate(url: str) -> None:
    db.bind(url)
    db.migrate()
    db.engine().dispose()
