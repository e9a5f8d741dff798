"""Told when a place opens: the first in line has it until an instant, then the next."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM
from portal.errors import PortalError
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import OfferStatus
from portal.models.classes import ClassSession
from portal.models.messages import OutboxMessage
from portal.models.offers import MakeUpWait, PlaceHold
from portal.services import attendance, benefits, make_up_waits, make_ups, replacing, timetable
from portal.services.enrolment import Booked
from tests.factories import NOW, Household, Otterbrook
from tests.support.places import miscounted, public_id

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
FRIDAY = date(2026, 3, 20)


class Line:
    """The Vales and the Bells wait for a place on Fridays, which the Browns have."""

    def __init__(self, session: Session) -> None:
        self.world, self.db = Otterbrook(session), session
        self.programme = self.world.programme()
        self.course = self.world.course(programme_id=self.programme)
        self.vale, self.vales = self._family("Vale")
        self.bell, self.bells = self._family("Bell")
        self.fridays = self.world.course("Fridays", self.programme, weekday=4, capacity=1, starts_on=FRIDAY)
        brown = self.world.family("Brown", "Ida")
        self.brown, self.browns = brown, self.world.enrol(brown["Ida"], self.fridays)

    def _family(self, name: str) -> tuple[Household, str]:
        home = self.world.family(name, "Mila")
        booked: Booked = self.world.enrol(home["Mila"], self.course)
        earned = attendance.cancel(self.db, home.guardian, booked.sessions[1].attendance_id, NOW)
        return home, public_id(self.world, MakeUp, earned or 0)

    def wait(self, wanted: str = "any") -> None:
        replacing.wait(self.db, self.vale.guardian, self.vales, wanted, NOW)
        replacing.wait(self.db, self.bell.guardian, self.bells, wanted, NOW + SECOND)

    def free(self) -> None:
        """The Browns can't come on the first Friday."""
        attendance.cancel(self.db, self.brown.guardian, self.browns.sessions[0].attendance_id, NOW)

    def standing(self) -> dict[str, str]:
        self.db.flush()
        rows = self.db.execute(
            select(col(MakeUp.public_id), col(MakeUpWait.status)).join(
                MakeUp, col(MakeUp.id) == col(MakeUpWait.make_up_id)
            )
        )
        return {row[0]: row[1] for row in rows}

    def taken(self) -> int:
        of = select(col(ClassSession.taken)).where(
            col(ClassSession.id) == self.world.session_on(self.fridays, FRIDAY)
        )
        return self.db.execute(of).scalar_one()

    def until(self) -> object:
        of = select(col(MakeUpWait.expires_at)).where(col(MakeUpWait.status) == OfferStatus.OFFERED)
        return self.db.execute(of).scalar_one()


@pytest.fixture
def line(fresh_db: str) -> Iterator[Line]:
    with db.unit_of_work() as session:
        yield Line(session)


def test_a_freed_place_is_kept_for_the_first_in_line_at_once(line: Line) -> None:
    line.wait()
    line.free()
    assert line.standing() == {line.vales: OfferStatus.OFFERED, line.bells: OfferStatus.WAITING}
    assert (line.taken(), line.until()) == (1, NOW + DAY)
    assert miscounted(line.db) == {}
    told = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.kind) == "make_up_offer")
    assert line.db.execute(told).scalar_one() == 1


def test_nobody_else_gets_the_place_that_is_kept(line: Line) -> None:
    line.wait()
    line.free()
    friday = public_id(line.world, ClassSession, line.world.session_on(line.fridays, FRIDAY))
    with pytest.raises(PortalError) as refused, line.db.begin_nested():
        replacing.book(line.db, line.bell.guardian, line.bells, friday, NOW)
    assert refused.value.message_key == "makeup.no_place"


def test_the_offer_is_shown_with_its_end_and_taken(line: Line) -> None:
    line.wait()
    line.free()
    line.db.flush()
    nudge = benefits.read(line.db, line.vale.guardian, NOW).make_ups.waiting[0].nudge
    assert nudge.title == "A place has opened for Mila"
    assert nudge.words.endswith("We keep it for Mila until 14:10 tomorrow.")
    assert (nudge.asks, nudge.press) == ("take", "Book Fri 20 March, 16:30")
    assert replacing.take(line.db, line.vale.guardian, line.vales, NOW).startswith("Mila comes to Fridays")
    assert line.standing()[line.vales] == OfferStatus.ACCEPTED
    assert line.taken() == 1
    assert line.db.execute(select(func.count()).select_from(PlaceHold)).scalar_one() == 0
    assert miscounted(line.db) == {}
    told = line.db.execute(select(col(OutboxMessage.kind)).order_by(col(OutboxMessage.id))).scalars().all()
    assert told[-1] == "session_booked"


def test_declined_it_goes_to_the_next_and_the_make_up_stays(line: Line) -> None:
    line.wait()
    line.free()
    replacing.decline(line.db, line.vale.guardian, line.vales, NOW)
    assert line.standing() == {line.vales: OfferStatus.DECLINED, line.bells: OfferStatus.OFFERED}
    status = select(col(MakeUp.status)).where(col(MakeUp.public_id) == line.vales)
    assert line.db.execute(status).scalar_one() == MakeUpStatus.AVAILABLE
    assert miscounted(line.db) == {}


def test_not_taken_until_its_end_it_goes_to_the_next(line: Line) -> None:
    line.wait()
    line.free()
    assert make_up_waits.expire(line.db, SYSTEM, NOW + DAY - SECOND) == 0
    assert make_up_waits.expire(line.db, SYSTEM, NOW + DAY) == 1
    assert line.standing() == {line.vales: OfferStatus.EXPIRED, line.bells: OfferStatus.OFFERED}
    with pytest.raises(PortalError) as refused:
        replacing.take(line.db, line.vale.guardian, line.vales, NOW + DAY)
    assert refused.value.message_key == "makeup.offer_over"


def test_it_is_never_kept_longer_than_the_session_can_be_booked(line: Line) -> None:
    line.wait()
    starts = line.db.get_one(ClassSession, line.world.session_on(line.fridays, FRIDAY)).starts_at
    attendance.cancel(
        line.db, line.brown.guardian, line.browns.sessions[0].attendance_id, starts - timedelta(hours=14)
    )
    assert line.until() == starts - timedelta(hours=2)


def test_a_filter_waits_for_its_own_days_alone(line: Line) -> None:
    line.wait("weekends")
    line.free()
    assert set(line.standing().values()) == {OfferStatus.WAITING}


def test_more_places_are_found_by_the_job(line: Line) -> None:
    line.wait()
    timetable.change_make_up_places(line.db, SYSTEM, line.fridays, 1, None, NOW)
    make_up_waits.expire(line.db, SYSTEM, NOW)
    assert set(line.standing().values()) == {OfferStatus.OFFERED}
    assert miscounted(line.db) == {}


def test_who_stops_waiting_is_offered_nothing(line: Line) -> None:
    line.wait()
    replacing.stop_waiting(line.db, line.vale.guardian, line.vales, NOW)
    line.free()
    assert line.standing() == {line.vales: OfferStatus.DECLINED, line.bells: OfferStatus.OFFERED}


def test_a_session_that_is_called_off_leaves_its_offer_waiting_again(line: Line) -> None:
    line.wait()
    line.free()
    friday = line.world.session_on(line.fridays, FRIDAY)
    attendance.call_off(line.db, SYSTEM, friday, "Pool closed", NOW)
    assert set(line.standing().values()) == {OfferStatus.WAITING}
    assert line.db.execute(select(func.count()).select_from(PlaceHold)).scalar_one() == 0


def test_signing_back_up_takes_the_make_up_out_of_the_line(line: Line) -> None:
    line.wait()
    line.free()
    make_up = line.db.execute(select(MakeUp).where(col(MakeUp.public_id) == line.vales)).scalar_one()
    make_ups.take_back(line.db, make_up.earned_by_id or 0, "Signed back up", NOW)
    assert line.standing()[line.vales] == OfferStatus.DECLINED
    assert line.taken() == 0
    assert miscounted(line.db) == {}
