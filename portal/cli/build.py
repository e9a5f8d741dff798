"""`python -m portal build`, and the same before serving."""

import sys
from time import monotonic

import click

from portal import frontend


@click.command()
def build() -> None:
    """Build the front end if it is out of date."""
    if not up_to_date():
        click.echo("The front end is up to date.")


def up_to_date() -> bool:
    """Make sure that the front end is built from these sources; whether that took a build."""
    if frontend.is_current():
        return False
    click.echo("Building the front end ... ", nl=False)
    sys.stdout.flush()
    begun = monotonic()
    try:
        frontend.ensure_built()
    except frontend.FrontendBuildFailed as refusal:
        click.echo()
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{monotonic() - begun:.1f} s")
    return True
