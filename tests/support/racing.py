"""Processes that want the same thing at the same moment, again and again."""

import multiprocessing
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlmodel import Session, col

from portal import db
from portal.actor import Actor
from portal.errors import PortalError
from portal.models.classes import ClassSession, Course
from portal.services import drop_ins, holds, place_offers, places, replacing, trials, waiting_list
from portal.services.places import NoPlaceLeft
from tests.factories import NOW

Attempt = tuple[Actor, tuple[str, ...]]
"""Who tries, with which arguments."""

WON = "won"
TOMORROW = NOW + timedelta(days=1)
"""When they race."""
_gates: list[Barrier] = []


def look_then_take(session: Session, _actor: Actor, public_id: str, _now: datetime) -> None:
    """The control: a place is looked for without a lock, and taken without a condition."""
    found = col(ClassSession.public_id) == public_id
    with db.reading() as look:
        capacity, taken = look.execute(
            select(col(ClassSession.capacity), col(ClassSession.taken)).where(found)
        ).one()
    _gates[-1].wait(60)
    if capacity <= taken:
        raise NoPlaceLeft
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints=ON"))
    session.execute(update(ClassSession).where(found).values(taken=ClassSession.taken + 1))


def take_both(session: Session, _actor: Actor, one: str, other: str, _now: datetime) -> None:
    """A place in each of two sessions, named in any order."""
    found = col(ClassSession.public_id)
    ids = [
        session.execute(select(col(ClassSession.id)).where(found == name)).scalar_one()
        for name in (one, other)
    ]
    places.take(session, ids)


_SERVICES: dict[str, Callable[..., Any]] = {
    "visit": drop_ins.book,
    "answer": place_offers.accept,
    "make_up": replacing.book,
    "both": take_both,
    "unguarded": look_then_take,
}


def race(
    url: str, what: str, rounds: Sequence[Sequence[Attempt]], *, guarded: bool = True
) -> list[list[str]]:
    """The outcome of every attempt, round by round: WON, the key of a refusal, or the name of an error.

    Each round has an attempt for each process; they begin together. `guarded` False is the control: answers
    are neither locked nor compared.
    """
    spawn, processes = multiprocessing.get_context("spawn"), len(rounds[0])
    gate = spawn.Barrier(processes)
    with spawn.Pool(processes, _open, (url, gate)) as pool:
        sides = list(zip(*rounds, strict=True))
        outcomes = pool.starmap(_run, [(what, side, guarded) for side in sides], chunksize=1)
    return [list(one) for one in zip(*outcomes, strict=True)]


def _open(url: str, gate: Barrier) -> None:
    _gates.append(gate)
    db.bind(url)


def _run(what: str, attempts: Sequence[Attempt], guarded: bool) -> list[str]:
    if not guarded:
        _take_the_guards_away()
    return [_one(_SERVICES[what], *attempt) for attempt in attempts]


def _one(service: Callable[..., Any], actor: Actor, arguments: tuple[str, ...]) -> str:
    _gates[-1].wait(60)
    try:
        db.transact(lambda session: service(session, actor, *arguments, TOMORROW))
    except PortalError as refusal:
        return refusal.message_key
    except Exception as error:  # noqa: BLE001 - what is not a refusal is what the proof must find
        return type(error).__name__
    return WON


def _take_the_guards_away() -> None:
    """For the life of this process, which is there for the control alone."""
    unguarded = pytest.MonkeyPatch()
    unguarded.setattr(holds, "lock_course", lambda session, course_id: session.get(Course, course_id))
    for module in (trials, waiting_list):
        unguarded.setattr(module, "_answer", lambda *_: None)
