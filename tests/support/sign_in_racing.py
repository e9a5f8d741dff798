"""Processes that race for one message."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier

from sqlmodel import col, select

from portal import db
from portal.errors import PortalError
from portal.models.messages import OutboxMessage
from portal.services import sign_in
from portal.services.desk import Desk
from portal.services.sign_in import Visitor
from tests.factories import NOW

DESK = Desk(key="k" * 40, public_url="https://portal.example")
HERE = Visitor(address="192.0.2.7", browser="this browser")
NORA = "nora@vale.example"

_REDEEM: dict[str, Callable[[str, str, datetime], object]] = {
    "code": lambda code, _link, now: sign_in.redeem_code(DESK, HERE, code, now),
    "link": lambda _code, link, now: sign_in.redeem_link(HERE, link, now),
}


def secrets_of_newest() -> tuple[str, str]:
    """The code and the link of the newest message, as its reader sees them."""
    with db.reading() as session:
        message = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id).desc())).first()
    assert message is not None
    text = message.body_text
    return text.partition("Your code: ")[2][:7], text.partition("/auth/link/")[2].split()[0]


def race(url: str, how: str, *, processes: int, threads: int) -> int:
    """Ask for a message; how many of `processes` x `threads` that redeem it at once are signed in."""
    return race_rounds(url, how, 1, processes=processes, threads=threads)[0]


def race_rounds(url: str, how: str, rounds: int, *, processes: int, threads: int) -> list[int]:
    """The same, again and again with the same processes; the number of winners of each round."""
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(processes)
    winners = []
    with spawn.Pool(processes, _open, (url, gate)) as pool:
        for number in range(rounds):
            now = NOW + number * timedelta(days=2)
            sign_in.request(DESK, HERE, NORA, "", now)
            asked = (how, *secrets_of_newest(), threads, now)
            winners.append(sum(pool.starmap(_redeem, [asked] * processes, chunksize=1)))
    return winners


_gates: list[Barrier] = []


def _open(url: str, gate: Barrier) -> None:
    _gates.append(gate)
    db.bind(url)


def _redeem(how: str, code: str, link: str, threads: int, now: datetime) -> int:
    _gates[-1].wait()
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lambda _: _one(how, code, link, now), range(threads)))


def _one(how: str, code: str, link: str, now: datetime) -> bool:
    try:
        _REDEEM[how](code, link, now)
    except PortalError:
        return False
    return True
