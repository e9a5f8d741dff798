"""`python -m portal import`: families from a spreadsheet; payments from the bank are beside this file."""

from pathlib import Path

import click

from portal import clock, db
from portal.actor import SYSTEM
from portal.cli import start
from portal.cli.files import ENCODINGS, NOT_SET_UP, content, readable
from portal.cli.import_payments import payments
from portal.documents import csv_in
from portal.documents.csv_in import Sheet
from portal.rules import family_rows
from portal.services.family_import import MissingColumns, RepeatedColumns, Report, import_families
from portal.services.places import NoPlaceLeft
from portal.services.provider import NotSetUp
from portal.words import counted, listed

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@click.group("import")
def import_() -> None:
    """Bring in data from files."""


import_.add_command(payments)


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Read the file so, instead of finding out.")
def families(file: Path, dry_run: bool, encoding: str | None) -> None:
    """Bring in guardians, members and bookings from a CSV file: all of it, or nothing.

    Columns, in any order and case: Full name, First name, Last name, Phone, Email, Date of Birth, Class.
    """
    sheet = _read(file, encoding or "")
    start.database(start.settings())
    clock.use_environment()
    report = _imported(sheet, dry_run=dry_run)
    for line, note in report.notes:
        click.echo(f"  line {line}: {note}")
    if report.errors:
        _refuse(report)
    _tell(report, dry_run=dry_run)


def _read(file: Path, encoding: str) -> Sheet:
    """The sheet, with what was found out about it said."""
    with readable(file):
        sheet = csv_in.read(content(file), family_rows.is_known, encoding)
    with_what = DELIMITERS[sheet.delimiter]
    rows = counted(len(sheet.lines), "row", "rows")
    click.echo(f"{file.name}: {rows}, {sheet.encoding}, separated by {with_what}.")
    others = [name for name in sheet.columns if name and not family_rows.is_known(name)]
    if others:
        click.echo(f"These columns are not used: {', '.join(others)}.")
    return sheet


def _imported(sheet: Sheet, *, dry_run: bool) -> Report:
    with db.unit_of_work() as session, click.progressbar(length=len(sheet.lines), label="Checking") as bar:
        try:
            return import_families(
                session,
                SYSTEM,
                sheet,
                clock.now(),
                dry_run=dry_run,
                progress=lambda done, _of: bar.update(done - bar.pos),
            )
        except MissingColumns as refusal:
            columns = refusal.values["columns"]
            raise click.ClickException(
                f"these columns are missing: {columns}. Nothing was imported."
            ) from None
        except RepeatedColumns as refusal:
            columns = refusal.values["columns"]
            raise click.ClickException(
                f"these columns mean the same: {columns}. Keep one. Nothing was imported."
            ) from None
        except NotSetUp:
            raise click.ClickException(NOT_SET_UP) from None
        except NoPlaceLeft:
            raise click.ClickException(
                "a place was taken meanwhile. Nothing was imported; import again."
            ) from None


def _refuse(report: Report) -> None:
    for line, reason in report.errors:
        click.echo(f"  line {line}: {reason}", err=True)
    bad = counted(len(report.errors), "row", "rows")
    raise click.ClickException(
        f"{bad} cannot be taken. Nothing was imported; put them right and import again."
    )


def _tell(report: Report, *, dry_run: bool) -> None:
    would = "Would add" if dry_run else "Added"
    people = [
        counted(report.guardians, "guardian", "guardians"),
        counted(report.families, "family", "families"),
        counted(report.members, "member", "members"),
        counted(report.bookings, "booking", "bookings"),
    ]
    unchanged = counted(report.unchanged, "row says", "rows say")
    click.echo(f"{would} {listed(people)}. {unchanged} nothing new.")
