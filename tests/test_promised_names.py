"""What others rely on by its name: commands, settings, addresses. A name that changes breaks somebody."""

import re
from importlib import import_module

import click

from portal import routes
from portal.cli import COMMANDS
from portal.settings import ROOT, Settings

MAKE = {"demo", "demo-reset", "test", "check", "serve", "bench", "backup", "restore"}
SETTINGS = """PORTAL_URL DATABASE_URL REDIS_URL WORKERS PORTAL_SECRET PORT PORTAL_DATA_DIR MAIL_URL MAIL_FROM
RESEND_API_URL STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET STRIPE_API_BASE WHATSAPP_TOKEN WHATSAPP_PHONE_ID
WHATSAPP_API_BASE PORTAL_DEMO PORTAL_NOW"""
ADDRESSES = """/ /login /payments /sessions /bookings /bookings/[booking_id] /benefits /orders /orders/[order_id]
/account /webhooks/stripe /webhooks/resend /healthz /calendar/{token}.ics /demo/inbox /demo/inbox.json"""


def command(*path: str) -> click.Command:
    """The command that `python -m portal` runs for these words."""
    module, name = COMMANDS[path[0]].split(":")
    found = getattr(import_module(module), name)
    for word in path[1:]:
        found = found.commands[word]
    assert isinstance(found, click.Command)
    return found


def test_every_promised_make_target_is_there_and_explained() -> None:
    told = dict(re.findall(r"^([a-z-]+):.*## (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(told) >= MAKE


def test_every_promised_command_is_there() -> None:
    assert set(COMMANDS) >= {"serve", "demo", "import", "staff", "settings", "backup", "restore"}
    assert command("settings", "check")
    assert [one.name for one in command("staff", "add").params if isinstance(one, click.Argument)] == [
        "email"
    ]
    families = command("import", "families").params
    assert {option for one in families for option in one.opts} >= {"file", "--dry-run"}


def test_every_promised_setting_is_read() -> None:
    assert {name.upper() for name in Settings.model_fields} >= set(SETTINGS.split())


def test_every_promised_address_is_one_of_ours() -> None:
    ours = {value for name, value in vars(routes).items() if name.isupper()}

    assert ours >= set(ADDRESSES.split())
