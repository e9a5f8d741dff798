"""The database: one engine a process, write transactions and read transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from portal import changes, commits
from portal.errors import DatabaseUnavailable, SchemaOutOfDate

Done = TypeVar("Done")
TRIES = 4
_engine: Engine | None = None
_TOPICS = "topics"
# A failing statement is logged without its values: they are e-mails and names.
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 24, "hide_parameters": True}
_ROOT = Path(__file__).resolve().parent.parent


class LostRace(DatabaseUnavailable):
    """Another transaction got the rows first; nothing was changed, and doing it again may do."""


def bind(url: str) -> Engine:
    """Open the database at `url` (SQLite or PostgreSQL) for this process; a second call replaces the first."""
    global _engine  # noqa: PLW0603 - one engine a process, set once at its start
    if _engine is not None:
        _engine.dispose()
    _engine = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)
    commits.watch(_engine.url.database if _engine.dialect.name == "sqlite" else None)
    return _engine


def engine() -> Engine:
    """The engine bind() opened."""
    if _engine is None:
        raise DatabaseUnavailable
    return _engine


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One use case, one write transaction: committed at the end, undone by any exception, then told to open windows."""
    with _session(writes=True) as db:
        yield db
        db.commit()
        topics = db.info.pop(_TOPICS, set())
    changes.announce(topics)


def transact(use_case: Callable[[Session], Done]) -> Done:
    """A use case in a unit of work; one that lost a race over rows to another (40001, 40P01) is done again.

    Of several that wait for each other in a circle PostgreSQL ends one, so each time somebody gets through.
    """
    for _ in range(TRIES - 1):
        with suppress(LostRace), unit_of_work() as db:
            return use_case(db)
    with unit_of_work() as db:
        return use_case(db)


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent look; nothing is written."""
    with _session(writes=False) as db:
        yield db


def touch(db: Session, *topics: str) -> None:
    """Add topics that the flushed rows do not show by themselves (bulk updates, other families)."""
    db.info.setdefault(_TOPICS, set()).update(topics)


def ping() -> None:
    """Raise DatabaseUnavailable unless the database answers, SchemaOutOfDate unless its tables are this version's."""
    try:
        found = revision()
    except SQLAlchemyError as error:  # a file that is no database, tables that this user may not read
        raise DatabaseUnavailable from error
    if found != revisions()[-1]:
        raise SchemaOutOfDate


def migrate() -> None:
    """Bring the tables to this version. Safe to repeat; a half-run migration is undone by its transaction."""
    from alembic import command

    command.upgrade(_alembic_config(), "head")


def revision() -> str | None:
    """The revision of the tables that are there; None where there are none."""
    from alembic.migration import MigrationContext

    try:
        with engine().connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise DatabaseUnavailable from error


def is_newer() -> bool:
    """Whether the tables are of a version of the portal that this one does not know yet."""
    found = revision()
    return found is not None and found not in revisions()


@cache
def revisions() -> tuple[str, ...]:
    """Every revision this version knows, the oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_alembic_config())
    return tuple(one.revision for one in script.walk_revisions())[::-1]


def _alembic_config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_ROOT / "alembic"))
    return config


@contextmanager
def _session(*, writes: bool) -> Iterator[Session]:
    bound = engine().execution_options(portal_writes=writes)
    try:
        with Session(bound, expire_on_commit=False, autoflush=writes) as db:
            yield db
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        lost = str(getattr(getattr(error, "orig", None), "sqlstate", "")).startswith("40")
        raise (LostRace if lost else DatabaseUnavailable) from error


def _sqlite_engine(url: str) -> Engine:
    made = create_engine(url, connect_args={"check_same_thread": False}, **_POOL)
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _postgresql_engine(url: str) -> Engine:
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5}, **_POOL)


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """WAL, or the rollback journal where this SQLite may lose commits on a WAL reset (3.7.0 to 3.51.2)."""
    return "DELETE" if (3, 7, 0) <= version <= (3, 51, 2) else "WAL"


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0].upper() != journal_mode():
        cursor.execute(f"PRAGMA journal_mode={journal_mode()}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("portal_writes", True)
    # IMMEDIATE takes the write lock before anything is read, so what is checked is still so when it is written.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Session, "after_flush")
def _collect_topics(db: Session, _context: object) -> None:
    for row in [*db.new, *db.dirty, *db.deleted]:
        topics = getattr(row, "topics", None)
        if topics is not None:
            touch(db, *topics())
