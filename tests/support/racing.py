"""Processes that want the same thing at the same moment, again and again."""

import multiprocessing
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, text, update
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM, Actor
from portal.errors import PortalError
from portal.models.classes import ClassSession, Course
from portal.models.commerce import ItemKind
from portal.rows.visits import VisitSheet
from portal.services import (
    drop_ins,
    holds,
    ordering,
    places,
    price_offers,
    refunds,
    replacing,
    trials,
    waiting_list,
)
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.places import NoPlaceLeft
from portal.services.refunds import Back
from tests.factories import NOW
from tests.support.places import takes_offer

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


def comes(session: Session, actor: Actor, member: str, when: str, by: str, now: datetime) -> None:
    """A visit as its sheet shows it."""
    drop_ins.book(session, actor, VisitSheet(member=member, session=when, by=by), now)


def take_both(session: Session, _actor: Actor, one: str, other: str, _now: datetime) -> None:
    """A place in each of two sessions, named in any order."""
    found = col(ClassSession.public_id)
    ids = [
        session.execute(select(col(ClassSession.id)).where(found == name)).scalar_one()
        for name in (one, other)
    ]
    places.take(session, ids)


def order_with_code(session: Session, _actor: Actor, family_id: str, code: str, now: datetime) -> None:
    """An order of one line with a voucher."""
    item, day = NewItem(ItemKind.GOODS, "Swim cap", 2000), now.date()
    new = NewOrder(int(family_id), [item], [DueDate(day, day)], voucher_codes=(code,))
    ordering.place(session, SYSTEM, new, now)


def order_by_what_is_seen(session: Session, actor: Actor, family_id: str, code: str, now: datetime) -> None:
    """The control: both look before either uses the code, and neither compares."""
    with db.reading() as look:
        seen = price_offers.vouchers(look, [code])
    _gates[-1].wait(60)
    with (
        patch.object(price_offers, "vouchers", lambda _db, _codes: seen),
        patch.object(price_offers, "spend", lambda _db, _receipt: None),
    ):
        order_with_code(session, actor, family_id, code, now)


def refund(session: Session, _actor: Actor, payment_id: str, to: str, now: datetime) -> None:
    """All of a payment of 6200, to credit or to the card it came from."""
    refunds.give_back(session, SYSTEM, int(payment_id), 6200, Back(to), "Back", now)


_SERVICES: dict[str, Callable[..., Any]] = {
    "visit": comes,
    "answer": takes_offer,
    "make_up": replacing.book,
    "both": take_both,
    "unguarded": look_then_take,
    "refund": refund,
    "voucher": order_with_code,
    "voucher_unguarded": order_by_what_is_seen,
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
    unguarded.setattr(trials, "_end", lambda *_: None)
    unguarded.setattr(waiting_list, "_answer", lambda *_: None)
