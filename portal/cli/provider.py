"""`python -m portal provider set NAME=VALUE …`: who runs the classes, until the console can be asked."""

import click

from portal.cli import start


@click.group()
def provider() -> None:
    """Who runs the classes: name, money, zone, language, policies and switches."""


@provider.command("set")
@click.argument("settings", nargs=-1, required=True, metavar="NAME=VALUE...")
def set_(settings: tuple[str, ...]) -> None:
    """Set what is named and leave the rest. The first time, name and short_name are needed.

    Then at least: timezone (Europe/Bratislava), currency (EUR), country (SK), locale (en_GB), order_prefix,
    brand_color (#0e6e6e), contact_email, iban, account_holder.
    """
    words = dict(map(_named, settings))
    start.database(start.settings())
    _save(words)
    click.echo(f"Set: {', '.join(words)}.")


def _save(words: dict[str, str]) -> None:
    from portal import clock, i18n
    from portal.actor import SYSTEM
    from portal.db import unit_of_work
    from portal.errors import PortalError
    from portal.services import provider as service

    clock.use_environment()
    try:
        with unit_of_work() as db:
            service.save_words(db, SYSTEM, words, clock.now())
    except service.BadSetting as refusal:
        said = f"{refusal.values['name']}: {refusal.values['why']}."
        raise click.ClickException(f"{said} Nothing was changed.") from None
    except PortalError as refusal:
        said = i18n.say(refusal.message_key, refusal.values)
        raise click.ClickException(f"{said} Nothing was changed.") from None


def _named(said: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not sign:
        raise click.ClickException(f"“{said}” is not NAME=VALUE. Nothing was changed.")
    return name.strip(), value.strip()
