"""What each kind of database must be able to do to be backed up and restored."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from portal.backups.postgresql import PostgreSQL
from portal.backups.sqlite import SQLite


class Kind(Protocol):
    """One database, of one kind."""

    kind: str

    def copy(self, to: Path) -> None:
        """Write a consistent copy while others go on writing."""

    def prepare(self, copy: Path) -> None:
        """Bring an older copy to this version where that can be done beside the database."""

    def replace(self, copy: Path) -> None:
        """Put the copy in the place of everything that is there: all of it, or nothing."""

    def keep_damaged(self, stamp: str) -> Path | None:
        """Move away what is there and cannot be read, so that it is not lost; None where that cannot be."""

    def clear(self) -> None:
        """Leave no table of the portal."""


def of(url: str) -> Kind:
    """The database at this address."""
    parsed = make_url(url)
    return SQLite(parsed) if parsed.get_backend_name() == "sqlite" else PostgreSQL(parsed)
