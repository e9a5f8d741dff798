"""Two who wait for each other in a circle: PostgreSQL ends one of them, and that one is done again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portal import db
from portal.db import LostRace
from portal.models.classes import ClassSession
from tests.factories import NOW, Otterbrook


@pytest.fixture
def two_sessions(postgres_url: str) -> list[int]:
    db.bind(postgres_url)
    with db.unit_of_work() as session:
        world = Otterbrook(session, NOW)
        return [world.session_on(world.course()) for _ in range(2)]


class Circle:
    """Each locks one row, waits until the other holds the other one, and then wants that too."""

    def __init__(self) -> None:
        self._both_hold_one = Barrier(2)

    def lock(self, session: Session, first: int, second: int) -> str:
        self._locked(session, first)
        with suppress(BrokenBarrierError):  # the second time there is nobody to meet
            self._both_hold_one.wait(5)
        self._locked(session, second)
        self._both_hold_one.abort()
        return "done"

    def _locked(self, session: Session, key: int) -> None:
        wanted = select(ClassSession).where(col(ClassSession.id) == key)
        session.execute(wanted.with_for_update()).one()


def test_who_lost_is_done_again(two_sessions: list[int]) -> None:
    circle, (one, other) = Circle(), two_sessions
    with ThreadPoolExecutor(2) as pool:
        told = pool.map(
            lambda order: db.transact(lambda session: circle.lock(session, *order)),
            [(one, other), (other, one)],
        )
    assert list(told) == ["done", "done"]


def test_without_that_one_of_them_is_refused(two_sessions: list[int]) -> None:
    """The control."""
    circle, (one, other) = Circle(), two_sessions

    def once(order: tuple[int, int]) -> str:
        try:
            with db.unit_of_work() as session:
                return circle.lock(session, *order)
        except LostRace:
            return "lost"

    with ThreadPoolExecutor(2) as pool:
        told = pool.map(once, [(one, other), (other, one)])
    assert sorted(told) == ["done", "lost"]


def test_a_race_that_is_lost_every_time_is_told_as_a_database_that_is_away(two_sessions: list[int]) -> None:
    tries = []

    def lose(session: Session) -> None:
        tries.append(session)
        raise LostRace

    with pytest.raises(LostRace) as refusal:
        db.transact(lose)
    assert (len(tries), refusal.value.message_key) == (db.TRIES, "error.database_unavailable")
