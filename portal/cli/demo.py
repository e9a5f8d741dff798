"""`python -m portal demo`: the demo provider, made once, and served."""

import shutil
from pathlib import Path

import click

from portal import clock, db
from portal.cli import start
from portal.cli.build import up_to_date
from portal.cli.serve import become_the_server
from portal.settings import Settings

_NOT_THE_DEMOS = (
    "The database holds a real provider's data, which stay. Give the demo its own PORTAL_DATA_DIR."
)


@click.command()
@click.option("--reset", is_flag=True, help="Throw the demo's data away first.")
@click.option("--make-only", is_flag=True, help="Make the demo provider without serving it.")
def demo(reset: bool, make_only: bool) -> None:
    """Make the demo provider once and serve it. Needs PORTAL_DEMO=1."""
    known = start.settings()
    if not known.portal_demo:
        raise click.ClickException("the demo runs only with PORTAL_DEMO=1. `make demo` sets it.")
    if reset:
        throw_away(known)
    made(known)
    if not make_only:
        up_to_date()
        click.echo(f"\n  {known.portal_url}\n")
        become_the_server(known)


def throw_away(known: Settings) -> None:
    """Remove what the demo wrote to its own folder, and nothing else: the folder may be anybody's."""
    from portal.demo import is_the_demos
    from portal.gateways.registry import DEMO_FOLDER

    file = Path(known.database_url.removeprefix("sqlite:///"))
    if file.parent != known.portal_data_dir:
        raise click.ClickException(
            "DATABASE_URL is not inside the demo's own folder. Empty that database yourself."
        )
    start.opened(known)
    if db.revision() is not None and not is_the_demos():
        raise click.ClickException(_NOT_THE_DEMOS)
    db.engine().dispose()
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()
    shutil.rmtree(known.portal_data_dir / DEMO_FOLDER, ignore_errors=True)


def made(known: Settings) -> None:
    """Make the demo where there is nothing yet; refuse to show a real provider's data as one."""
    from portal.demo import OWNER_EMAIL, STAFF_PASSWORD, is_the_demos, make_demo
    from portal.passwords import hash_password
    from portal.services.desk import Desk

    start.migrated_database(known)
    if not is_the_demos():
        raise click.ClickException(_NOT_THE_DEMOS)
    clock.use_environment()
    desk = Desk(known.portal_secret, known.portal_url)
    if make_demo(clock.now(), staff_password=STAFF_PASSWORD, hash_password=hash_password, desk=desk):
        click.echo("The demo provider is made.")
    click.echo(f"Staff sign in as {OWNER_EMAIL} with the password {STAFF_PASSWORD}.")
    click.echo("Families sign in as nora@demo.example; the message is in the demo inbox.")
