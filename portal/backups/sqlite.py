"""SQLite: its online backup API, both ways. The portal goes on reading and writing meanwhile."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

from sqlalchemy import URL

from portal import db
from portal.backups.archive import BackupRefused

_PATIENCE = 30
"""Seconds to wait for whoever holds the database."""


class SQLite:
    """A file."""

    kind = "sqlite"

    def __init__(self, url: URL) -> None:
        self._file = Path(url.database or "")

    def copy(self, to: Path) -> None:
        """One step, so that no write comes between; then the copy is checked, page by page."""
        if not self._file.exists():
            raise BackupRefused(f"There is no database at {self._file}.")
        try:
            with closing(_opened(self._file)) as live, closing(_opened(to)) as copy:
                live.backup(copy)
            _check(to)
        except sqlite3.DatabaseError as error:
            raise BackupRefused(f"The database at {self._file} cannot be read whole: {error}.") from None

    def prepare(self, copy: Path) -> None:
        """Migrate the copy, so that the database itself is only ever at this version."""
        try:
            _check(copy)
        except sqlite3.DatabaseError as error:
            raise BackupRefused(f"The copy in the backup is damaged: {error}.") from None
        db.bind(f"sqlite:///{copy}")
        db.migrate()

    def replace(self, copy: Path) -> None:
        """One transaction of SQLite's: a process that dies in it leaves a journal, which undoes it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            self._file.touch(mode=0o600)
        with closing(_opened(copy)) as source, closing(_opened(self._file)) as live:
            try:
                source.backup(live, progress=_in_time())
            except (sqlite3.OperationalError, TimeoutError):
                raise BackupRefused("The database is in use. Stop the portal and try again.") from None

    def keep_damaged(self, stamp: str) -> Path | None:
        """The file as it is, with its journal, under another name."""
        kept = self._file.with_name(f"{self._file.name}.damaged-{stamp}")
        for end in ("", "-journal", "-wal", "-shm"):
            part = self._file.with_name(f"{self._file.name}{end}")
            if part.exists():
                part.rename(kept.with_name(f"{kept.name}{end}"))
        return kept

    def clear(self) -> None:
        """There was none before: remove the file."""
        self._file.unlink(missing_ok=True)


def _in_time() -> Callable[[int, int, int], None]:
    """SQLite tries again for as long as the database is held; this ends it."""
    deadline = monotonic() + _PATIENCE

    def step(_status: int, _left: int, _of: int) -> None:
        if monotonic() > deadline:
            raise TimeoutError

    return step


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)


def _check(file: Path) -> None:
    with closing(_opened(file)) as copy:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
