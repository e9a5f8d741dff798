from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal import db
from portal.models.classes import ClassSession, SessionStatus
from portal.services import places
from portal.services.places import NoPlaceLeft
from tests.factories import NOW, Otterbrook

RACERS, ROUNDS = 4, 10


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def counts(session: Session, session_id: int) -> tuple[int, int]:
    found = session.execute(
        select(col(ClassSession.taken), col(ClassSession.make_ups_taken)).where(
            col(ClassSession.id) == session_id
        )
    ).one()
    return found[0], found[1]


def test_places_are_taken_in_all_sessions_or_in_none(world: Otterbrook) -> None:
    full, free = world.session_on(world.course(capacity=1)), world.session_on(world.course(capacity=1))
    places.take(world.db, [full])
    with pytest.raises(NoPlaceLeft):
        places.take(world.db, [free, full])
    assert counts(world.db, free) == (0, 0)


def test_several_places_are_taken_only_when_there_are_so_many(world: Otterbrook) -> None:
    session = world.session_on(world.course(capacity=3))
    with pytest.raises(NoPlaceLeft):
        places.take(world.db, [session], 4)
    places.take(world.db, [session], 3)
    assert counts(world.db, session) == (3, 0)


def test_a_session_that_is_called_off_has_no_places(world: Otterbrook) -> None:
    session = world.session_on(world.course())
    world.db.execute(
        update(ClassSession).where(col(ClassSession.id) == session).values(status=SessionStatus.CANCELLED)
    )
    with pytest.raises(NoPlaceLeft):
        places.take(world.db, [session])


def test_a_make_up_takes_an_ordinary_place_first_and_then_an_extra_one(world: Otterbrook) -> None:
    session = world.session_on(world.course(capacity=1, extra_make_up_places=1))
    places.take_for_make_up(world.db, session)
    assert counts(world.db, session) == (1, 0)
    places.take_for_make_up(world.db, session)
    assert counts(world.db, session) == (1, 1)
    with pytest.raises(NoPlaceLeft):
        places.take_for_make_up(world.db, session)


def test_a_guest_who_does_not_come_frees_the_extra_place_first(world: Otterbrook) -> None:
    session = world.session_on(world.course(capacity=1, extra_make_up_places=1))
    for _ in range(2):
        places.take_for_make_up(world.db, session)
    places.give_back_make_up(world.db, session)
    assert counts(world.db, session) == (1, 0)
    places.give_back_make_up(world.db, session)
    assert counts(world.db, session) == (0, 0)


def test_a_place_that_nobody_holds_cannot_be_given_back(world: Otterbrook) -> None:
    with pytest.raises(NoPlaceLeft):
        places.give_back(world.db, [world.session_on(world.course())])


def test_the_table_itself_refuses_to_be_oversold(world: Otterbrook) -> None:
    session = world.session_on(world.course(capacity=1))
    with pytest.raises(IntegrityError), world.db.begin_nested():
        world.db.execute(update(ClassSession).where(col(ClassSession.id) == session).values(taken=2))


def last_places(rounds: int) -> list[int]:
    with db.unit_of_work() as session:
        world = Otterbrook(session, NOW)
        return [world.session_on(world.course(capacity=1)) for _ in range(rounds)]


def test_of_several_who_want_the_last_place_exactly_one_gets_it(fresh_db: str) -> None:
    sessions, start = last_places(ROUNDS), Barrier(RACERS)

    def race(session_id: int) -> bool:
        start.wait()
        try:
            with db.unit_of_work() as session:
                places.take(session, [session_id])
        except NoPlaceLeft:
            return False
        return True

    with ThreadPoolExecutor(RACERS) as racers:
        for session_id in sessions:
            assert sum(racers.map(race, [session_id] * RACERS)) == 1


def test_two_who_want_the_same_sessions_in_another_order_never_wait_for_each_other(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session, NOW)
        both = [world.session_on(world.course(capacity=ROUNDS * 2)) for _ in range(2)]
    start = Barrier(2)

    def take(order: list[int]) -> None:
        for _ in range(ROUNDS):
            start.wait()
            with db.unit_of_work() as session:
                places.take(session, order)

    with ThreadPoolExecutor(2) as racers:
        list(racers.map(take, [both, both[::-1]]))
    with db.reading() as session:
        assert [counts(session, session_id)[0] for session_id in both] == [ROUNDS * 2] * 2
