"""What every command starts with: checked settings and an open database, or a clear line and exit code 1."""

import logging
import os
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from portal import changes, db
from portal.errors import DatabaseUnavailable, SchemaOutOfDate
from portal.relay import relay
from portal.settings import Settings, SettingsError, current, read

_UNREACHABLE = "The database cannot be reached. Is it running, and is DATABASE_URL right?"
_NEWER = "The database is of a newer portal. Bring this one to that version, or restore a backup of this one."
_OUT_OF_DATE = "The database is not at this version. `python -m portal migrate` brings it there."


def settings() -> Settings:
    """This process's settings."""
    try:
        return current()
    except SettingsError as refusal:
        raise click.ClickException(
            "the settings are not safe to start with:\n  " + "\n  ".join(refusal.problems)
        ) from None


def settings_of_the_data() -> Settings:
    """The same for a command that only looks after the data: it serves nobody, so they need not be safe to serve."""
    try:
        return read()
    except SettingsError as refusal:
        raise click.ClickException("\n  ".join(refusal.problems)) from None


def database(known: Settings) -> None:
    """Open the database and make sure that its tables are this version's and can be written."""
    if not opened(known):
        raise click.ClickException(_NEWER if db.is_newer() else _OUT_OF_DATE)
    _refuse_read_only(known)


def migrated_database(known: Settings) -> None:
    """Open the database and bring its tables to this version."""
    if not opened(known):
        if db.is_newer():
            raise click.ClickException(_NEWER)
        _migrate()
    _refuse_read_only(known)


def opened(known: Settings) -> bool:
    """Open the database, of whichever version; whether its tables are this version's."""
    bound(known)
    try:
        db.ping()
    except DatabaseUnavailable as refusal:
        raise click.ClickException(_because(_UNREACHABLE, refusal)) from None
    except SchemaOutOfDate:
        return False
    return True


def _migrate() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        db.migrate()
    except SQLAlchemyError as error:
        said = "The database could not be brought to this version; it was left as it was."
        raise click.ClickException(f"{said}\n  {_first_line(error)}") from None


def bound(known: Settings) -> None:
    """Say where the database is, and that a server beside this command wants to hear of changes."""
    try:
        known.portal_data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"PORTAL_DATA_DIR cannot be used ({error.strerror}).") from None
    db.bind(known.database_url)
    changes.listen(relay(known.redis_url, known.portal_data_dir, server=False).tell)


def _refuse_read_only(known: Settings) -> None:
    """Said at the start: else everything looks well until the first family signs in."""
    places = [("PORTAL_DATA_DIR", known.portal_data_dir)]
    if known.database_url.startswith("sqlite:///"):
        file = Path(known.database_url.removeprefix("sqlite:///"))
        places += [("DATABASE_URL", file), ("DATABASE_URL", file.parent)]
    for name, place in places:
        if not os.access(place, os.W_OK):
            said = f"{name}: {place} cannot be written. Let the user that the portal runs as write there."
            raise click.ClickException(said)


def _because(what: str, refusal: BaseException) -> str:
    cause = refusal.__cause__
    return f"{what}\n  {_first_line(cause)}" if isinstance(cause, SQLAlchemyError) else what


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
