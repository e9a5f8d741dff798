"""Numbers without a gap: one row a series, locked from the next number until its document is committed.

No sequence of the database: a sequence gives its number away even when the transaction is undone.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.models.documents import DocumentSeries, InvoiceKind
from portal.services import provider

CODES = {InvoiceKind.INVOICE: "INV", InvoiceKind.RECEIPT: "REC", InvoiceKind.CREDIT_NOTE: "CN"}


def take_series(db: Session, kind: InvoiceKind, now: datetime) -> str:
    """The kind's series of this year, ours until the transaction ends. Whoever issues, takes it first."""
    name = f"{CODES[kind]}-{now.astimezone(provider.zone(db)).year}"
    insert = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert
    db.execute(insert(DocumentSeries).values(name=name, last_serial=0).on_conflict_do_nothing())
    _lock(db, name)
    return name


def next_serial(db: Session, series: str) -> int:
    """The number after the last one of a series that was taken."""
    last = db.execute(
        select(col(DocumentSeries.last_serial)).where(col(DocumentSeries.name) == series)
    ).scalar_one()
    db.execute(update(DocumentSeries).where(col(DocumentSeries.name) == series).values(last_serial=last + 1))
    return last + 1


def shown(series: str, serial: int) -> str:
    """ "INV-2026-0012"."""
    return f"{series}-{serial:04d}"


def _lock(db: Session, name: str) -> None:
    """On SQLite the whole database is ours already: a unit of work begins with the write lock."""
    db.execute(select(col(DocumentSeries.name)).where(col(DocumentSeries.name) == name).with_for_update())
