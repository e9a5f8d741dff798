"""`python -m portal restore FILE`."""

from pathlib import Path

import click

from portal import clock
from portal.cli import start
from portal.cli.backup import kept_in


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace the data that is there. It is kept in a backup first.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of what the database holds: all of it, or nothing."""
    from portal.backups import BackupRefused
    from portal.backups import restore as restore_backup

    known = start.settings_of_the_data()
    start.bound(known)
    try:
        done = restore_backup(known.database_url, file, kept_in(known), clock.now(), replace=yes)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Restored what portal {done.manifest.portal} held on {done.manifest.made_at}.")
    if done.kept:
        click.echo(f"What was there before is kept in {done.kept}.")
