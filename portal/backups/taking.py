"""Making a backup."""

import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from portal import db
from portal.backups import archive, kinds
from portal.backups.archive import BackupRefused, Manifest
from portal.settings import ROOT


def back_up(url: str, to: Path, now: datetime) -> Manifest:
    """Write a backup of the database at `url`, which is the one that is open; what it is. Never over a file."""
    if to.exists():
        raise BackupRefused(f"{to} is there already. Name another file, or move that one away.")
    schema = _schema()
    database = kinds.of(url)
    manifest = Manifest(version(), schema, now.astimezone(UTC).isoformat(timespec="seconds"), database.kind)
    with beside(to) as folder:
        copy = Path(folder) / "copy"
        database.copy(copy)
        archive.pack(manifest, copy, to)
    return manifest


def _schema() -> str:
    try:
        found = db.revision()
    except DatabaseError as error:
        raise BackupRefused(f"The database cannot be read: {error.orig}.") from None
    if found is None:
        raise BackupRefused("The database is empty: there is nothing to back up yet.")
    return found


def version() -> str:
    """This portal's version."""
    said: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return said


def stamp(now: datetime) -> str:
    """The moment, as it stands in names of files."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def beside(file: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for its owner alone, on the disk that must have the room anyway, gone at the end."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-")
    except OSError as error:
        raise BackupRefused(f"{file.parent} cannot be written: {error.strerror}.") from None
