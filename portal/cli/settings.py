"""`python -m portal settings check`."""

import click

from portal.cli import start


@click.group()
def settings() -> None:
    """What the portal is told by its environment."""


@settings.command()
def check() -> None:
    """Say what is wrong with the settings, without their values; exit code 1 when something is."""
    known = start.settings()
    click.echo(f"The settings are fine: {known.portal_url}, {'demo' if known.portal_demo else 'production'}.")
