"""Processes that race for one message."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier

from sqlmodel import col, select

from portal import db
from portal.errors import PortalError
from portal.models.messages import OutboxMessage
from portal.services import sign_in
from portal.services.sign_in import Desk, Visitor
from tests.factories import NOW

DESK = Desk(key="k" * 40, public_url="https://portal.example")
HERE = Visitor(address="192.0.2.7", browser="this browser")
NORA = "nora@vale.example"

_REDEEM: dict[str, Callable[[str, str], object]] = {
    "code": lambda code, _link: sign_in.redeem_code(DESK, HERE, code, NOW),
    "link": lambda _code, link: sign_in.redeem_link(HERE, link, NOW),
}


def secrets_of_newest() -> tuple[str, str]:
    """The code and the link of the newest message, as its reader sees them."""
    with db.reading() as session:
        message = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id).desc())).first()
    assert message is not None
    text = message.body_text
    return text.partition("Your code: ")[2][:7], text.partition("/auth/link/")[2].split()[0]


def race(url: str, how: str, code: str, link: str, *, processes: int, threads: int) -> int:
    """How many were signed in, of `processes` x `threads` that redeem at the same moment."""
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(processes)
    with spawn.Pool(processes, _open, (url, gate)) as pool:
        return sum(pool.starmap(_redeem, [(how, code, link, threads)] * processes, chunksize=1))


_gates: list[Barrier] = []


def _open(url: str, gate: Barrier) -> None:
    _gates.append(gate)
    db.bind(url)


def _redeem(how: str, code: str, link: str, threads: int) -> int:
    _gates[-1].wait()
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lambda _: _one(how, code, link), range(threads)))


def _one(how: str, code: str, link: str) -> bool:
    try:
        _REDEEM[how](code, link)
    except PortalError:
        return False
    return True
