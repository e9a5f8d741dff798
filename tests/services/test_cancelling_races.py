"""Several at once at one place: it is given up once, taken once, and everything it carries moves once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM, Actor
from portal.errors import PortalError
from portal.models.benefits import MakeUp, MakeUpEntry
from portal.models.bookings import Attendance
from portal.models.classes import ClassSession
from portal.services import attendance, cancelling, places
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.proofs import rounds

RACERS, ROUNDS = 4, rounds(suite=4, full=250)
Act = Callable[[Session], object]


@dataclass(frozen=True)
class Place:
    """Mila's place, the only one, in one session."""

    actor: Actor
    attendance_id: int
    session_id: int
    public_id: str

    def cancel(self, session: Session) -> object:
        return cancelling.cancel(session, self.actor, self.public_id, "make_up", "", NOW)

    def come_back(self, session: Session) -> object:
        return cancelling.sign_back_up(session, self.actor, self.public_id, NOW)

    def undo(self, session: Session) -> object:
        return cancelling.undo(session, self.actor, self.public_id, NOW)

    def take_for_another(self, session: Session) -> None:
        places.take(session, [self.session_id])

    def call_off(self, session: Session) -> None:
        attendance.call_off(session, SYSTEM, self.session_id, "Pool closed", NOW)


def one_place() -> Place:
    with db.unit_of_work() as session:
        world = Otterbrook(session, NOW)
        vale = world.family("Vale", "Mila")
        coming = world.enrol(vale["Mila"], world.course(capacity=1, starts_on=TODAY)).sessions[1]
        public_id = session.get_one(Attendance, coming.attendance_id).public_id
        return Place(vale.guardian, coming.attendance_id, coming.session_id, public_id)


@pytest.fixture(scope="module")
def racers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(RACERS) as pool:
        yield pool


def race(racers: ThreadPoolExecutor, *acts: Act) -> Counter[str]:
    """All at the same moment, each in a transaction of its own: "done", or the key of the refusal."""
    start = Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait()
        try:
            with db.unit_of_work() as session:
                act(session)
        except PortalError as refusal:
            return refusal.message_key
        return "done"

    return Counter(racers.map(run, acts))


def state_of(place: Place) -> tuple[str, int, list[str]]:
    """How it stands, how many places are taken, and every step of the make-up."""
    with db.reading() as session:
        status = session.get_one(Attendance, place.attendance_id).status
        taken = session.get_one(ClassSession, place.session_id).taken
        entries = (
            select(col(MakeUpEntry.kind))
            .join(MakeUp, col(MakeUp.id) == col(MakeUpEntry.make_up_id))
            .where(col(MakeUp.earned_by_id) == place.attendance_id)
            .order_by(col(MakeUpEntry.id))
        )
        return status, taken, list(session.execute(entries).scalars())


@pytest.mark.proof
def test_a_place_is_given_up_once_and_earns_one_make_up(fresh_db: str, racers: ThreadPoolExecutor) -> None:
    for _ in range(ROUNDS):
        place = one_place()
        told = race(racers, *[place.cancel] * RACERS)
        assert told == {"done": 1, "cancel.not_going": RACERS - 1}
        assert state_of(place) == ("cancelled", 0, ["earned"])


@pytest.mark.proof
def test_a_place_is_taken_again_once_whoever_presses_how_often(
    fresh_db: str, racers: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        place = one_place()
        race(racers, place.cancel)
        told = race(racers, place.undo, place.come_back, place.undo, place.come_back)
        assert told == {"done": 1, "sign_back_up.not_cancelled": RACERS - 1}
        assert state_of(place) == ("going", 1, ["earned", "taken_back"])


@pytest.mark.proof
def test_of_who_comes_back_and_who_is_new_one_gets_the_place_and_the_make_up_goes_with_it(
    fresh_db: str, racers: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        place = one_place()
        race(racers, place.cancel)
        told = race(racers, place.come_back, place.take_for_another)
        assert told["done"] == 1
        back = "places.none_left" in told
        assert state_of(place) == (
            ("going", 1, ["earned", "taken_back"]) if back else ("cancelled", 1, ["earned"])
        )


@pytest.mark.proof
def test_a_family_and_the_provider_cancel_at_the_same_moment_without_waiting_in_a_circle(
    fresh_db: str, racers: ThreadPoolExecutor
) -> None:
    for _ in range(ROUNDS):
        place = one_place()
        told = race(racers, place.cancel, place.call_off)
        assert told in ({"done": 2}, {"done": 1, "attending.called_off": 1})
        status, taken, _ = state_of(place)
        assert (status, taken) == ("cancelled", 0)
