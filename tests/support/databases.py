"""Databases for tests: made once a run, copied for each test, gone after it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from portal import db
from tests.support.processes import free_port, stop, wait_until

_numbers = count(1)


Make = Callable[[str], object]
MIGRATED = "migrated"
_MOST_KEPT = 8


class Databases(Protocol):
    """Where databases of one kind come from."""

    def empty(self) -> str:
        """The URL of a new database without tables."""

    def copy_of(self, name: str, make: Make) -> str:
        """The URL of a new copy of what `make` does to an empty database; it does so once a run."""

    def drop(self, url: str) -> None:
        """The end of a database; a run makes a thousand."""


def keep_engines(patch: pytest.MonkeyPatch) -> None:
    """Bind an address that was bound before with the same engine: a third of a test's work is compiling statements."""
    made: OrderedDict[str, Engine] = OrderedDict()

    def kept(url: str, **options: Any) -> Engine:
        if url not in made:
            made[url] = create_engine(url, **options)
        made.move_to_end(url)
        if len(made) > _MOST_KEPT:
            made.popitem(last=False)
        return made[url]

    patch.setattr(db, "create_engine", kept)


def fresh(databases: Databases) -> str:
    """The URL of a new database with this version's tables."""
    return databases.copy_of(MIGRATED, _migrate)


class SQLiteFiles:
    """Copies of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._idle: list[str] = []

    def empty(self) -> str:
        # An address that was given back, because its engine has compiled what this test will ask.
        return self._idle.pop() if self._idle else f"sqlite:///{self._folder / f'{next(_numbers)}.db'}"

    def copy_of(self, name: str, make: Make) -> str:
        template = self._folder / f"{name}.template"
        if not template.exists():
            make(f"sqlite:///{template}")
        copy = self.empty()
        shutil.copyfile(template, copy.removeprefix("sqlite:///"))
        return copy

    def drop(self, url: str) -> None:
        for rest in ("", "-journal", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + rest).unlink(missing_ok=True)
        self._idle.append(url)


_SHAPE = """
select md5(string_agg(one, ',' order by one)) from (
    select 'c' || oid from pg_class where relnamespace = 'public'::regnamespace
    union all select 'a' || attrelid || attname || attnotnull from pg_attribute
        where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    union all select 'k' || oid from pg_constraint union all select 't' || oid from pg_trigger
    union all select 'p' || oid from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'v' || version_num from alembic_version
) as found(one)"""
_EMPTY = """
do $$ declare one record; begin
    perform pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid();
    set local session_replication_role = replica;  -- no order of tables, no cascades
    for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' loop
        execute format('delete from %I', one.tablename);
    end loop;
    perform setval(quote_ident(sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public';
end $$"""


class Cluster:
    """A private PostgreSQL cluster: this test run's only, without durability, on a port of its own.

    Making a database takes a hundred times as long as emptying one, so one whose tables are still as they were made
    is emptied and lent again.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._templates: set[str] = set()
        self._shape = ""
        self._lent: dict[str, psycopg.Connection[tuple[object, ...]]] = {}
        self._idle: list[str] = []

    def url(self, name: str) -> str:
        """The URL of the database of that name."""
        return f"postgresql+psycopg://portal@127.0.0.1:{self._port}/{name}"

    def empty(self) -> str:
        return self._create("template1")

    def copy_of(self, name: str, make: Make) -> str:
        if name == MIGRATED and self._idle:
            return self._idle.pop()
        template = f"template_{name}"
        if name not in self._templates:
            self._run(f"create database {template}")
            make(self.url(template))
            self._templates.add(name)
        made = self._create(template)
        if name == MIGRATED:
            self._lent[made] = self._connect(made)
            self._shape = _shape(self._lent[made])  # copies keep the numbers of what they are copied from
        return made

    def drop(self, url: str) -> None:
        if url in self._lent and self._emptied(self._lent[url]):
            self._idle.append(url)
        else:
            if kept := self._lent.pop(url, None):
                kept.close()
            self._run(f"drop database if exists {url.rsplit('/', 1)[1]} with (force)")

    def close(self) -> None:
        """Nothing is lent any more."""
        for kept in self._lent.values():
            kept.close()

    def _emptied(self, kept: "psycopg.Connection[tuple[object, ...]]") -> bool:
        with suppress(psycopg.Error):  # a test has dropped it, or its tables
            if _shape(kept) == self._shape:
                kept.execute(_EMPTY)
                return True
        return False

    def _create(self, template: str) -> str:
        name = f"test_{next(_numbers)}"
        self._run(f"create database {name} template {template}")
        return self.url(name)

    def _run(self, statement: str) -> None:
        with self._connect(self.url("postgres")) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def _connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _shape(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    found = connection.execute(_SHAPE).fetchone()
    return str(found)


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
            with closing(Cluster(port)) as made:
                yield made
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
