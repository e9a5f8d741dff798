"""Whether anything was committed to the database since it was last asked, told by the database itself.

Asking costs some microseconds where reading costs a query. SQLite counts the commits that others than the asking
connection make to a file, of this process and of any other, and the connection that asks here never writes.
PostgreSQL has no such count that is cheaper than the query it would save.
"""

import sqlite3
from contextlib import suppress
from itertools import count
from pathlib import Path

_serial = count()
_watch: tuple[int, sqlite3.Connection] | None = None


def watch(path: str | None) -> None:
    """Ask the SQLite file at `path` from now on; None for a database that cannot be asked."""
    global _watch  # noqa: PLW0603 - one database a process, as its engine
    if _watch is not None:
        _watch[1].close()
    _watch = None
    if path:
        with suppress(sqlite3.Error):  # no such file yet: every reading is a reading
            _watch = next(_serial), _opened(path)


def _opened(path: str) -> sqlite3.Connection:
    # Never waits: while somebody commits the answer is "unknown", and the loop goes on. Never makes the file.
    address = f"{Path(path).absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=0, check_same_thread=False, isolation_level=None)


def mark() -> tuple[int, int] | None:
    """The same as an earlier one if nothing was committed in between; None when that cannot be told now."""
    if _watch is None:
        return None
    serial, asked = _watch
    try:
        return serial, asked.execute("PRAGMA data_version").fetchone()[0]
    except sqlite3.Error:
        return None
