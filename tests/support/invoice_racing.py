"""Processes that issue invoices at the same time, some of which change their mind."""

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from unittest.mock import patch

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from portal import db
from portal.errors import DatabaseUnavailable
from portal.models.documents import Invoice
from portal.services import documents
from tests.factories import NOW

PATIENCE = 30


class _SecondThoughts(Exception):
    """The transaction is undone after its number was taken."""


def race(url: str, order_ids: Sequence[int], *, processes: int, locked: bool = True) -> int:
    """Invoices of all these orders, every fifth tried once in vain; how many could not be issued."""
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(processes)
    shares = [(list(order_ids[number::processes]), locked) for number in range(processes)]
    with spawn.Pool(processes, _open, (url, gate)) as pool:
        return sum(pool.starmap(_issue_all, shares, chunksize=1))


def serials() -> list[int]:
    """The numbers that were given, in their order."""
    with db.reading() as session:
        return list(session.execute(select(col(Invoice.serial)).order_by(col(Invoice.serial))).scalars())


_gates: list[Barrier] = []


def _open(url: str, gate: Barrier) -> None:
    _gates.append(gate)
    db.bind(url)


def _issue_all(order_ids: list[int], locked: bool) -> int:
    _gates[-1].wait()
    refused = 0
    for at, order_id in enumerate(order_ids):
        if locked and at % 5 == 0:
            _change_ones_mind(order_id)
        try:
            _issue(order_id) if locked else _issue_by_what_is_seen(order_id)
        except IntegrityError:
            refused += 1
    return refused


def _issue(order_id: int) -> None:
    """Asked again while the database is taken: SQLite has one writer and no queue, so somebody may be unlucky."""
    for _ in range(PATIENCE):
        with suppress(DatabaseUnavailable), db.unit_of_work() as session:
            documents.on_ordered(session, order_id, NOW)
            return
    raise TimeoutError(f"order {order_id} had no turn")


def _change_ones_mind(order_id: int) -> None:
    with suppress(_SecondThoughts, DatabaseUnavailable), db.unit_of_work() as session:
        documents.on_ordered(session, order_id, NOW)
        raise _SecondThoughts


def _issue_by_what_is_seen(order_id: int) -> None:
    """As it would be without the lock: the number after the last one that is there, then the document."""
    with db.reading() as session:
        last = session.execute(select(func.coalesce(func.max(col(Invoice.serial)), 0))).scalar_one()
    with patch.object(documents, "next_serial", lambda _db, _series: last + 1):
        _issue(order_id)
