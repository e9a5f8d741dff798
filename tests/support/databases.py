"""Databases for tests: made once a run, copied for each test, gone after it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from portal import db
from tests.support.processes import free_port, stop, wait_until

_numbers = count(1)


Make = Callable[[str], object]


class Databases(Protocol):
    """Where databases of one kind come from."""

    def empty(self) -> str:
        """The URL of a new database without tables."""

    def copy_of(self, name: str, make: Make) -> str:
        """The URL of a new copy of what `make` does to an empty database; it does so once a run."""

    def drop(self, url: str) -> None:
        """The end of a database; a run makes a thousand."""


def fresh(databases: Databases) -> str:
    """The URL of a new database with this version's tables."""
    return databases.copy_of("migrated", _migrate)


class SQLiteFiles:
    """Copies of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self) -> str:
        return f"sqlite:///{self._folder / f'{next(_numbers)}.db'}"

    def copy_of(self, name: str, make: Make) -> str:
        template = self._folder / f"{name}.template"
        if not template.exists():
            make(f"sqlite:///{template}")
        copy = self.empty()
        shutil.copyfile(template, copy.removeprefix("sqlite:///"))
        return copy

    def drop(self, url: str) -> None:
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)


class Cluster:
    """A private PostgreSQL cluster: this test run's only, without durability, on a port of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._templates: set[str] = set()

    def url(self, name: str) -> str:
        """The URL of the database of that name."""
        return f"postgresql+psycopg://portal@127.0.0.1:{self._port}/{name}"

    def empty(self) -> str:
        return self._create("template1")

    def copy_of(self, name: str, make: Make) -> str:
        template = f"template_{name}"
        if name not in self._templates:
            self._run(f"create database {template}")
            make(self.url(template))
            self._templates.add(name)
        return self._create(template)

    def drop(self, url: str) -> None:
        self._run(f"drop database if exists {url.rsplit('/', 1)[1]} with (force)")

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
