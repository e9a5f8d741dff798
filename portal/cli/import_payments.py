"""`python -m portal import payments FILE`: what the bank says has come in, matched with what is to be paid."""

from pathlib import Path

import click

from portal import clock, db
from portal.actor import SYSTEM
from portal.cli import start
from portal.cli.files import ENCODINGS, NOT_SET_UP, content, readable
from portal.documents.bank_csv import MissingColumns
from portal.documents.camt import NotAStatement
from portal.services import bank_statements
from portal.services.bank_statements import Report, Statement
from portal.services.provider import NotSetUp
from portal.words import counted


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Match everything and write nothing.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Read a CSV so, instead of finding out.")
def payments(file: Path, dry_run: bool, encoding: str | None) -> None:
    """Bring in a bank statement, camt.053 (versions 02 to 08) or CSV: all of it, or nothing.

    The same statement twice changes nothing; of one that overlaps, what is new is added.
    """
    start.database(start.settings())
    clock.use_environment()
    report = _imported(file, content(file), encoding or "", dry_run=dry_run)
    if report.errors:
        _refuse(report)
    _tell(report, dry_run=dry_run)


def _imported(file: Path, data: bytes, encoding: str, *, dry_run: bool) -> Report:
    with readable(file), db.unit_of_work() as session:
        try:
            statement = bank_statements.read(session, data, encoding)
        except NotAStatement as refusal:
            raise click.ClickException(f"{file.name} cannot be read. {refusal.values['reason']}") from None
        except MissingColumns as refusal:
            raise click.ClickException(
                f"these columns are missing: {refusal.values['columns']}. Nothing was imported."
            ) from None
        except NotSetUp:
            raise click.ClickException(NOT_SET_UP) from None
        click.echo(f"{file.name}: {_about(statement)}")
        with click.progressbar(length=len(statement.entries), label="Matching") as bar:
            return bank_statements.bring_in(
                session,
                SYSTEM,
                statement,
                file.name,
                clock.now(),
                dry_run=dry_run,
                progress=lambda done, _of: bar.update(done - bar.pos),
            )


def _about(statement: Statement) -> str:
    lines = counted(statement.others, "line is", "lines are")
    others = f" {lines} not money that came in." if statement.others else ""
    return f"{statement.about}, {counted(len(statement.entries), 'payment', 'payments')} received.{others}"


def _refuse(report: Report) -> None:
    for line, reason in report.errors:
        click.echo(f"  line {line}: {reason}", err=True)
    bad = counted(len(report.errors), "line", "lines")
    raise click.ClickException(f"{bad} cannot be read. Nothing was imported.")


def _tell(report: Report, *, dry_run: bool) -> None:
    for one in report.waiting:
        click.echo(f"  line {one.line} waits for you: {one.words}. {one.reason}")
    would = "Would take in" if dry_run else "Took in"
    click.echo(
        f"{would} {counted(report.new, 'payment', 'payments')}: {report.matched} matched, "
        f"{len(report.waiting)} waiting for you. {counted(report.known, 'was', 'were')} known already."
    )
