"""Statements at the provider's desk: brought in, and what came of it."""

from sqlalchemy import func, select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.banking import BankLine
from portal.models.benefits import CreditEntry
from portal.models.commerce import Payment, PaymentEvent
from portal.models.documents import Invoice
from portal.services import (
    bank_statements,
)
from portal.services.bank_statements import Report
from tests.factories import NOW, Household, Otterbrook
from tests.support.statements import Paid, camt


def bring_in(world: Otterbrook, *entries: Paid, version: str = "02", dry_run: bool = False) -> Report:
    statement = bank_statements.read(world.db, camt(*entries, version=version))
    return bank_statements.bring_in(world.db, SYSTEM, statement, "march.xml", NOW, dry_run=dry_run)


def bring_in_csv(world: Otterbrook, *rows: str) -> Report:
    head = "Date;Amount;Currency;Payer;Payer IBAN;VS;Message"
    statement = bank_statements.read(world.db, "\n".join([head, *rows]).encode())
    return bank_statements.bring_in(world.db, SYSTEM, statement, "march.csv", NOW)


def payment(world: Otterbrook, payment_id: int) -> Payment:
    world.db.flush()
    return world.db.get_one(Payment, payment_id, populate_existing=True)


def owed(world: Otterbrook, family: Household, amount: int = 6200, **details: object) -> Payment:
    return payment(world, world.order(family.family_id, amount, **details).payment_ids[0])  # type: ignore[arg-type]


def line(world: Otterbrook) -> BankLine:
    """The newest."""
    return world.db.execute(select(BankLine).order_by(col(BankLine.id).desc()).limit(1)).scalar_one()


def stands(world: Otterbrook, of: Payment) -> tuple[str, int]:
    found = payment(world, of.id or 0)
    return found.status, found.received_minor


def everything(world: Otterbrook) -> tuple[int, ...]:
    """How many rows there are in every ledger."""
    tables = (BankLine, PaymentEvent, CreditEntry, Invoice)
    return tuple(world.db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
