"""Putting a backup in the place of what is there."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal import changes, db
from portal.backups import archive, kinds
from portal.backups.archive import BackupRefused, Manifest
from portal.backups.kinds import Kind
from portal.backups.taking import back_up, beside, stamp, version
from portal.errors import DatabaseUnavailable
from portal.models import Table

_NOT_BROUGHT = "The backup could not be brought to this version; everything is as it was."


@dataclass(frozen=True)
class Restored:
    """What came back, and where what was there before is kept."""

    manifest: Manifest
    kept: Path | None


def restore(url: str, file: Path, keep_in: Path, now: datetime, *, replace: bool) -> Restored:
    """Everything the backup holds, at this version, instead of what is there; or what is there, untouched.

    `replace` False refuses where there is data. What was there is kept in `keep_in` first.
    """
    database = kinds.of(url)
    with beside(keep_in / "any") as folder:
        copy = Path(folder) / "copy"
        manifest = archive.unpack(file, copy)
        _refuse_unfit(manifest, database)
        if not replace and _holds_data(url):
            raise BackupRefused(
                "There is data in the database. To put the backup in its place, say --yes "
                "(`make restore FILE=… YES=1`); what is there is kept in a backup first."
            )
        _prepare(database, copy, url)
        kept = _keep(database, url, keep_in, now)
        database.replace(copy)
        _bring_here(database, url, kept, Path(folder))
    changes.announce([changes.EVERYONE])
    return Restored(manifest, kept)


def _refuse_unfit(manifest: Manifest, database: Kind) -> None:
    if manifest.kind != database.kind:
        raise BackupRefused(
            f"This is a backup of {manifest.kind}, and DATABASE_URL is {database.kind}. "
            "Restore it to a database of its own kind."
        )
    if manifest.schema not in db.revisions():
        raise BackupRefused(
            f"This backup was made by portal {manifest.portal} (schema {manifest.schema}), which is newer than "
            f"this one ({version()}, schema {db.revisions()[-1]}). Bring this portal to that version first."
        )


def _prepare(database: Kind, copy: Path, url: str) -> None:
    try:
        database.prepare(copy)
    except BackupRefused:
        raise
    except Exception as error:
        raise BackupRefused(_NOT_BROUGHT) from error
    finally:
        db.bind(url)


def _holds_data(url: str) -> bool:
    """Whether any table has a row; a database that cannot be read may hold anything."""
    try:
        with db.bind(url).connect() as connection:
            found = db.engine().dialect.get_table_names(connection)
            ours = [name for name in found if name in Table.metadata.tables]
            return any(
                connection.execute(text(f'select 1 from "{name}" limit 1')).first()  # noqa: S608 - our own names
                for name in ours
            )
    except SQLAlchemyError:
        return True


def _keep(database: Kind, url: str, keep_in: Path, now: datetime) -> Path | None:
    """Where what is there is kept; None where nothing is. What cannot be read is moved away as it is."""
    if not _holds_data(url):
        return None
    kept = keep_in / f"before-restore-{stamp(now)}.backup"
    try:
        back_up(url, kept, now)
    except (BackupRefused, DatabaseUnavailable):
        db.engine().dispose()
        moved = database.keep_damaged(stamp(now))
        if moved is None:
            raise
        return moved
    return kept


def _bring_here(database: Kind, url: str, kept: Path | None, folder: Path) -> None:
    """Migrate; where that fails, what was there comes back."""
    db.bind(url)
    try:
        db.migrate()
    except Exception as error:
        if kept is None:
            database.clear()
        else:
            before = folder / "before"
            archive.unpack(kept, before)
            database.replace(before)
        raise BackupRefused(_NOT_BROUGHT) from error
