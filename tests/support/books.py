"""All rows as the database has them, read with plain SQL: no session, no service, nothing remembered."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from portal.models.base import Table
from portal.models.benefits import CreditEntry, MakeUpEntry, PassEntry
from portal.models.commerce import PaymentEvent
from portal.models.documents import Invoice
from portal.models.people import AuditEntry

LEDGERS: tuple[type[Table], ...] = (
    PassEntry,
    MakeUpEntry,
    CreditEntry,
    PaymentEvent,
    Invoice,
    AuditEntry,
)
"""Where rows are only ever added."""


class Books:
    """One look at the database; each table is read when it is first asked for, in the order it was written."""

    def __init__(self, db: Session) -> None:
        self._connection = db.connection()
        self._rows: dict[type[Table], list[Row[Any]]] = {}
        self._ids: dict[type[Table], dict[int, Row[Any]]] = {}

    def __getitem__(self, table: type[Table]) -> list[Row[Any]]:
        """Every row of it."""
        if table not in self._rows:
            statement = f'select * from "{table.__tablename__}" order by id'
            self._rows[table] = list(self._connection.exec_driver_sql(statement))
        return self._rows[table]

    def by_id(self, table: type[Table]) -> dict[int, Row[Any]]:
        """Every row of it, under its id."""
        if table not in self._ids:
            self._ids[table] = {row.id: row for row in self[table]}
        return self._ids[table]

    def by(self, table: type[Table], name: str) -> dict[Any, list[Row[Any]]]:
        """Every row of it, under what it says in this column."""
        grouped: dict[Any, list[Row[Any]]] = defaultdict(list)
        for row in self[table]:
            grouped[getattr(row, name)].append(row)
        return grouped


def rewritten(before: Books, after: Books) -> list[str]:
    """Ledgers in which a row is gone, or says something else than it did: what was there is still their beginning."""
    return [table.__name__ for table in LEDGERS if after[table][: len(before[table])] != before[table]]
