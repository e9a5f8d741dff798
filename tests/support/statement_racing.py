"""Processes that bring in the same bank statement, and one that receives the same money by card, all at once."""

import multiprocessing
from multiprocessing.synchronize import Barrier

from portal import db
from portal.actor import SYSTEM
from portal.models.commerce import PaymentMethod
from portal.services import bank_statements, payments_received
from tests.factories import NOW


def race(url: str, data: bytes, payment_ids: list[int]) -> list[int]:
    """Two imports and one till; how many lines each import found new, and the till's own 0."""
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(3)
    with spawn.Pool(3, _open, (url, gate)) as pool:
        return sorted(pool.starmap(_act, [(data, []), (data, []), (data, payment_ids)], chunksize=1))


_gates: list[Barrier] = []


def _open(url: str, gate: Barrier) -> None:
    _gates.append(gate)
    db.bind(url)


def _act(data: bytes, payment_ids: list[int]) -> int:
    _gates[-1].wait()
    for payment_id in payment_ids:
        with db.unit_of_work() as session:
            payments_received.receive(session, SYSTEM, payment_id, 6200, PaymentMethod.CARD, NOW)
    if payment_ids:
        return 0
    with db.unit_of_work() as session:
        statement = bank_statements.read(session, data)
        return bank_statements.bring_in(session, SYSTEM, statement, "march.xml", NOW).new
