"""`python -m portal migrate`."""

import click

from portal.cli import start


@click.command()
def migrate() -> None:
    """Bring the database to this version. Safe to repeat."""
    start.migrated_database(start.settings())
    click.echo("The database is at this version.")
