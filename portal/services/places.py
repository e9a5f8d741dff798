"""Places in sessions: the one thing two families may want at the same time.

Every place is taken here. The rows are locked in the order of their ids before they are looked at, so
that two transactions neither sell one place twice nor wait for each other in a circle; then the count
is changed by a condition that no full session meets, and the number of changed rows is compared with
what was asked. On SQLite a write transaction is alone from its first statement; the constraint on the
table is the last guard.
"""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import CursorResult, or_, select, update
from sqlmodel import Session, col

from portal import changes
from portal.db import touch
from portal.errors import PortalError
from portal.models.classes import ClassSession, SessionStatus


class NoPlaceLeft(PortalError):
    """One of the sessions is full, or is not held."""

    message_key = "places.none_left"


def take(db: Session, session_ids: Iterable[int], places: int = 1) -> None:
    """So many places in each of the sessions, or NoPlaceLeft and nothing changed."""
    ids = lock(db, session_ids)
    open_here = (
        col(ClassSession.id).in_(ids),
        col(ClassSession.status) == SessionStatus.SCHEDULED,
        col(ClassSession.taken) + places <= col(ClassSession.capacity),
    )
    if len(db.execute(select(col(ClassSession.id)).where(*open_here)).all()) < len(ids):
        raise NoPlaceLeft
    _change(db, update(ClassSession).where(*open_here).values(taken=ClassSession.taken + places), len(ids))


def give_back(db: Session, session_ids: Iterable[int]) -> None:
    """One place in each of the sessions is free again."""
    ids = lock(db, session_ids)
    held = update(ClassSession).where(col(ClassSession.id).in_(ids), col(ClassSession.taken) > 0)
    _change(db, held.values(taken=ClassSession.taken - 1), len(ids))


def take_for_make_up(db: Session, session_id: int) -> None:
    """An ordinary place while there is one for guests, else an extra make-up place, else NoPlaceLeft."""
    lock(db, [session_id])
    here = (col(ClassSession.id) == session_id, col(ClassSession.status) == SessionStatus.SCHEDULED)
    for_guests = (
        ~col(ClassSession.extra_places_only),
        col(ClassSession.taken) < col(ClassSession.capacity),
    )
    ordinary = update(ClassSession).where(*here, *for_guests).values(taken=ClassSession.taken + 1)
    if _changed(db, ordinary) == 0:
        left = col(ClassSession.make_ups_taken) < col(ClassSession.make_up_places)
        extra = update(ClassSession).where(*here, left)
        _change(db, extra.values(make_ups_taken=ClassSession.make_ups_taken + 1), 1)


def give_back_make_up(db: Session, session_id: int) -> None:
    """The guest's place is free again: an extra one first, which only a guest can take."""
    lock(db, [session_id])
    held = or_(col(ClassSession.make_ups_taken) > 0, col(ClassSession.taken) > 0)
    guest = db.execute(
        select(col(ClassSession.make_ups_taken)).where(col(ClassSession.id) == session_id, held)
    ).scalar()
    column = ClassSession.make_ups_taken if guest else ClassSession.taken
    freed = update(ClassSession).where(col(ClassSession.id) == session_id, col(column) > 0)
    _change(db, freed.values({column: column - 1}), 1)


def lock(db: Session, session_ids: Iterable[int]) -> list[int]:
    """Nobody else changes these sessions until the transaction ends; their ids, in the order of locking."""
    ids = sorted(set(session_ids))
    db.execute(
        select(col(ClassSession.id))
        .where(col(ClassSession.id).in_(ids))
        .order_by(col(ClassSession.id))
        .with_for_update()
    )
    return ids


def _change(db: Session, statement: Any, expected: int) -> None:
    if _changed(db, statement) != expected:
        raise NoPlaceLeft


def _changed(db: Session, statement: Any) -> int:
    done = cast("CursorResult[Any]", db.execute(statement.execution_options(synchronize_session=False)))
    touch(db, changes.EVERYONE)
    return done.rowcount
