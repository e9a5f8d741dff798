"""The last place: two processes want it at the same moment, again and again, on both databases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.classes import ClassSession
from portal.services import attendance
from tests.factories import TODAY, Household, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.proofs import rounds
from tests.support.racing import WON, Attempt, race

ROUNDS = rounds(12, 500)


def _make_ups(world: Otterbrook, programme: int, count: int) -> list[tuple[Household, str]]:
    """Families, each with a make-up that Mila earned by cancelling in time."""
    course = world.course("Mornings", programme, capacity=count, ends_on=TODAY + timedelta(weeks=1))
    found = []
    for _ in range(count):
        vale = world.family("Vale", "Mila")
        coming = world.enrol(vale["Mila"], course).sessions[-1]
        earned = attendance.cancel(world.db, vale.guardian, coming.attendance_id, world.now)
        found.append((vale, public_id(world, MakeUp, earned or 0)))
    return found


def _days(world: Otterbrook, programme: int, count: int, capacity: int = 1) -> list[str]:
    """So many sessions, each on a day of its own."""
    last = TODAY + timedelta(days=7 * (count // 5 + 2))
    course = world.course(
        "Afternoons",
        programme,
        capacity=capacity,
        every_working_day=True,
        starts_on=date(2026, 3, 16),
        ends_on=last,
    )
    of = select(col(ClassSession.public_id)).where(col(ClassSession.course_id) == course)
    return list(world.db.execute(of.order_by(col(ClassSession.starts_at)).limit(count)).scalars())


def last_places() -> list[list[Attempt]]:
    """For each last place two families, each with a make-up."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        programme = world.programme()
        found = _make_ups(world, programme, 2 * ROUNDS)
        days = _days(world, programme, ROUNDS)
        return [
            [(vale.guardian, (make_up, day)) for vale, make_up in found[2 * at : 2 * at + 2]]
            for at, day in enumerate(days)
        ]


def oversold(session: Session) -> int:
    """Sessions with more places taken than there are."""
    more = ClassSession.taken > ClassSession.capacity
    return session.execute(select(func.count()).select_from(ClassSession).where(more)).scalar_one()  # type: ignore[arg-type]


@pytest.mark.proof
def test_of_two_who_want_the_last_place_one_has_it_and_the_other_keeps_the_make_up(fresh_db: str) -> None:
    outcomes = race(fresh_db, "make_up", last_places())

    said = Counter(one for both in outcomes for one in both)
    assert said == {WON: ROUNDS, "makeup.no_place": ROUNDS}
    assert all(WON in both for both in outcomes)
    with db.reading() as session:
        assert oversold(session) == 0
        assert miscounted(session) == {}
        standing = Counter(session.execute(select(col(MakeUp.status))).scalars())
        assert standing == {MakeUpStatus.BOOKED: ROUNDS, MakeUpStatus.AVAILABLE: ROUNDS}
    print(f"{ROUNDS} last places, two processes: {said[WON]} winners, 0 oversold, 0 unhandled errors")


@pytest.mark.proof
def test_looking_without_a_lock_and_taking_without_a_condition_oversells(fresh_db: str) -> None:
    """The control; the table's own guard is off, too."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        days = _days(world, world.programme(), ROUNDS)
    if db.engine().dialect.name == "postgresql":
        with db.engine().begin() as connection:
            connection.execute(
                text("alter table class_session drop constraint ck_class_session_places_not_oversold")
            )
    outcomes = race(fresh_db, "unguarded", [[(SYSTEM, (day,))] * 2 for day in days])

    assert outcomes == [[WON, WON]] * ROUNDS
    with db.reading() as session:
        assert oversold(session) == ROUNDS


@pytest.mark.proof
def test_two_who_want_the_same_sessions_in_another_order_never_wait_for_each_other(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        one, other = _days(world, world.programme(), 2, capacity=2 * ROUNDS)
    outcomes = race(fresh_db, "both", [[(SYSTEM, (one, other)), (SYSTEM, (other, one))]] * ROUNDS)

    assert outcomes == [[WON, WON]] * ROUNDS
    with db.reading() as session:
        assert set(
            session.execute(
                select(col(ClassSession.taken)).where(col(ClassSession.public_id).in_((one, other)))
            ).scalars()
        ) == {2 * ROUNDS}
