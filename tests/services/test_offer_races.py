"""The last entry of a pass, an offer pressed twice, a place kept for one: two processes, one winner."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM, Actor
from portal.models.benefits import Pass, PassKind
from portal.models.bookings import Attendance, AttendanceStatus, Booking
from portal.models.classes import ClassSession, ProgrammeKind
from portal.models.commerce import Order
from portal.models.people import Member
from portal.services import attendance, enrolment, passes, timetable, waiting_list
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.proofs import rounds
from tests.support.racing import WON, Attempt, race

WEEK = timedelta(weeks=1)
ROUNDS = rounds(10, 500)


def refusals(outcomes: list[list[str]], key: str) -> list[list[str]]:
    """The rounds that did not end with one winner and one who was told why not."""
    return [one for one in outcomes if sorted(one) != sorted([WON, key])]


def _one_entry(world: Otterbrook, family_id: int, actor: Actor, *visits: tuple[str, str]) -> list[Attempt]:
    new = NewPass(family_id, PassKind.ENTRY, "Pool pass", TODAY, entries_total=1)
    card = public_id(world, Pass, passes.sell(world.db, SYSTEM, new, "Bought", NOW))
    return [(actor, (member, session, card)) for member, session in visits]


def families_with_a_last_entry() -> list[list[Attempt]]:
    """Two children of a family, two sessions, one entry."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        course = world.course("Open Swim", world.programme(kind=ProgrammeKind.DROP_IN), capacity=2 * ROUNDS)
        days = [public_id(world, ClassSession, world.session_on(course, TODAY + n * WEEK)) for n in (1, 2)]
        asked: list[list[Attempt]] = []
        for _ in range(ROUNDS):
            vale = world.family("Vale", "Mila", "Theo")
            who = [public_id(world, Member, vale[name]) for name in ("Mila", "Theo")]
            asked.append(_one_entry(world, vale.family_id, vale.guardian, *zip(who, days, strict=True)))
        return asked


@pytest.mark.proof
def test_of_two_who_want_the_last_entry_one_has_it_and_the_other_is_told(fresh_db: str) -> None:
    outcomes = race(fresh_db, "visit", families_with_a_last_entry())

    assert refusals(outcomes, "passes.used_up") == []
    with db.reading() as session:
        assert set(session.execute(select(col(Pass.entries_left))).scalars()) == {0}
        going = col(Attendance.status) == AttendanceStatus.GOING
        assert session.execute(select(func.count()).select_from(Attendance).where(going)).scalar() == ROUNDS
        assert miscounted(session) == {}


def trial_offers() -> list[list[Attempt]]:
    """An offer that the same family takes in two windows."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        asked: list[list[Attempt]] = []
        for _ in range(ROUNDS):
            vale = world.family("Vale", "Juno")
            course = world.course("Jazz Juniors", capacity=1, price_minor=9900, starts_on=TODAY)
            long_ago = NOW - WEEK
            trial = enrolment.book_trial(session, SYSTEM, vale["Juno"], world.session_on(course), long_ago)
            coming = trial.sessions[0]
            later = coming.starts_at + timedelta(hours=1)
            attendance.register(session, SYSTEM, coming.session_id, attended(coming.attendance_id), later)
            booking = public_id(world, Booking, trial.booking_id)
            asked.append([(vale.guardian, (booking,))] * 2)
        return asked


def attended(attendance_id: int) -> dict[int, AttendanceStatus]:
    return {attendance_id: AttendanceStatus.ATTENDED}


def kept_places() -> list[list[Attempt]]:
    """A place that is kept, taken in two windows."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        asked: list[list[Attempt]] = []
        for _ in range(ROUNDS):
            vale, course = world.family("Vale", "Theo"), world.course(capacity=0, price_minor=14000)
            waiting = waiting_list.join(session, SYSTEM, vale["Theo"], course, NOW)
            timetable.change_capacity(session, SYSTEM, course, 1, NOW)
            asked.append([(vale.guardian, (public_id(world, Booking, waiting),))] * 2)
        return asked


@pytest.mark.proof
def test_a_place_taken_in_two_windows_at_once_is_one_booking_with_one_order(fresh_db: str) -> None:
    offers, places = trial_offers(), kept_places()
    outcomes = race(fresh_db, "answer", [*offers, *places])

    assert refusals(outcomes[: len(offers)], "trials.already_enrolled") == []
    assert refusals(outcomes[len(offers) :], "waiting_list.answered") == []
    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(Order)).scalar() == 2 * ROUNDS
        assert miscounted(session) == {}


def test_without_its_guards_whoever_comes_second_is_not_told_why(postgres_url: str) -> None:
    """The control."""
    db.bind(postgres_url)
    outcomes = race(postgres_url, "answer", kept_places(), guarded=False)

    assert refusals(outcomes, "waiting_list.answered")
