"""`python -m portal staff add EMAIL`: people of the provider who sign in to the console."""

import secrets
import sys

import click

from portal.actor import StaffRole
from portal.cli import start

_SHORTEST = 12


@click.group()
def staff() -> None:
    """People of the provider who sign in to the console."""


@staff.command()
@click.argument("email")
@click.option("--name", default="", help="Their name; without it, the part of the e-mail before the @.")
@click.option("--role", type=click.Choice([role.value for role in StaffRole]), default=StaffRole.OWNER.value)
def add(email: str, name: str, role: str) -> None:
    """Let somebody sign in with EMAIL and a password: asked for, or made and printed once."""
    from portal import clock, i18n
    from portal.actor import SYSTEM
    from portal.db import unit_of_work
    from portal.errors import PortalError
    from portal.passwords import hash_password
    from portal.services import staff as service

    start.database(start.settings())
    clock.use_environment()
    typed = _typed() if sys.stdin.isatty() else ""
    password = typed or secrets.token_urlsafe(15)
    known_as = name or email.partition("@")[0]
    try:
        with unit_of_work() as db:
            service.add(db, SYSTEM, known_as, email, hash_password(password), StaffRole(role), clock.now())
    except PortalError as refusal:
        raise click.ClickException(i18n.say(refusal.message_key, refusal.values)) from None
    click.echo(f"{email} may sign in as {role}.")
    if not typed:
        click.echo(f"The password, shown this once: {password}")


def _typed() -> str:
    said: str = click.prompt(
        "Password (leave empty to have one made)",
        default="",
        hide_input=True,
        confirmation_prompt=True,
        show_default=False,
    )
    if said and len(said) < _SHORTEST:
        raise click.ClickException(f"a password has at least {_SHORTEST} characters. Nothing was changed.")
    return said
