from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal import db
from portal.models.classes import ClassSession, SessionStatus
from portal.services import places
from portal.services.places import NoPlaceLeft
from tests.factories import Otterbrook


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
