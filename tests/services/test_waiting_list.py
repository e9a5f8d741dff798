"""A place that becomes free is kept for the first in line, then for the next."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.bookings import (
    Attendance,
    AttendanceStatus,
    BookingStatus,
)
from portal.models.commerce import Order
from portal.models.messages import OutboxMessage
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    passes,
    place_offers,
    provider,
    timetable,
    trials,
    waiting_list,
    withdrawals,
)
from portal.services.enrolment import AlreadyBooked, CourseFull
from portal.services.timetable import PlacesTaken
from portal.services.withdrawals import NotLive
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.lines import Line, standing
from tests.support.places import miscounted, taken
from tests.support.pressing import HOUR, hostile, opens, presses, presses_without


@pytest.fixture
def line(world: Otterbrook) -> Line:
    return Line(world)


def test_a_place_that_becomes_free_is_kept_for_the_first_in_line(line: Line) -> None:
    line.frees()

    assert standing(line) == ("offered", "waiting")
    assert line.entry(line.theo).offer_expires_at == NOW + 49 * HOUR
    assert taken(line.world, line.course) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert miscounted(line.world.db) == {}
    kinds = line.world.db.execute(select(col(OutboxMessage.kind))).scalars().all()
    assert list(kinds) == ["waiting_list_offer"]


def test_the_kept_place_is_sold_to_nobody_else(line: Line) -> None:
    line.frees()
    with pytest.raises(CourseFull):
        line.world.enrol(line.world.family("New", "Max")["Max"], line.course, NOW + HOUR)


def test_a_single_session_that_somebody_cannot_come_to_offers_nothing(line: Line) -> None:
    coming = line.booked.sessions[2]
    attendance.cancel(line.world.db, line.home.guardian, coming.attendance_id, NOW)
    assert standing(line) == ("waiting", "waiting")


def test_a_larger_course_offers_as_many_places_as_it_gained(line: Line) -> None:
    timetable.change_capacity(line.world.db, SYSTEM, line.course, 2, NOW)
    assert standing(line) == ("offered", "waiting")
    timetable.change_capacity(line.world.db, SYSTEM, line.course, 4, NOW)
    assert standing(line) == ("offered", "offered")
    assert miscounted(line.world.db) == {}


def test_a_course_does_not_become_smaller_than_what_is_taken_in_it(line: Line) -> None:
    with pytest.raises(PlacesTaken):
        timetable.change_capacity(line.world.db, SYSTEM, line.course, 0, NOW)


def test_accepted_the_booking_is_active_with_its_places_and_its_order(line: Line) -> None:
    line.frees()
    answered = line.answers(presses, line.theo, line.vale)

    booking = line.booking(line.theo)
    assert answered.words == "Theo is enrolled in Stroke School 2."
    assert (booking.status, booking.open_reason, booking.starts_on) == (BookingStatus.ACTIVE, "", TODAY)
    assert taken(line.world, line.course) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert line.world.db.execute(select(col(Order.total_minor))).scalars().all() == [14000 * 7 // 8]
    assert miscounted(line.world.db) == {}


def test_accepted_twice_it_is_one_booking_and_one_order(line: Line) -> None:
    line.frees()
    line.answers(waiting_list.accept, line.theo, line.vale)
    with pytest.raises(Unmet) as refused:
        line.answers(waiting_list.accept, line.theo, line.vale)
    assert refused.value.message_key == "waiting_list.answered"
    assert len(line.world.db.execute(select(col(Order.id))).all()) == 1


def test_declined_the_place_goes_to_the_next(line: Line) -> None:
    line.frees()
    answered = line.answers(place_offers.decline, line.theo, line.vale)

    assert answered.words == "Theo no longer waits for Stroke School 2."
    assert standing(line) == ("declined", "offered")
    assert line.booking(line.theo).status == BookingStatus.CANCELLED
    assert miscounted(line.world.db) == {}


def test_an_offer_that_ran_out_goes_to_the_next_in_line_and_then_to_nobody(line: Line) -> None:
    line.frees()
    db, end = line.world.db, NOW + 49 * HOUR
    assert waiting_list.expire(db, SYSTEM, end - timedelta(seconds=1)) == 0
    assert waiting_list.expire(db, SYSTEM, end) == 1
    assert standing(line) == ("expired", "offered")
    assert line.booking(line.theo).cancel_note == waiting_list.NOT_TAKEN
    assert waiting_list.expire(db, SYSTEM, end + 48 * HOUR) == 1
    assert standing(line) == ("expired", "expired")
    assert sum(taken(line.world, line.course)) == 0
    assert miscounted(db) == {}


@pytest.mark.parametrize(
    ("seconds", "key"), [(-1, ""), (0, "waiting_list.offer_over"), (1, "waiting_list.offer_over")]
)
def test_a_place_can_be_taken_until_the_second_before_its_end(line: Line, seconds: int, key: str) -> None:
    line.frees()
    refused = ""
    try:
        line.answers(waiting_list.accept, line.theo, line.vale, 49 * HOUR + timedelta(seconds=seconds))
    except Unmet as unmet:
        refused = unmet.message_key
    assert refused == key


def test_whoever_only_waits_has_nothing_to_answer(line: Line) -> None:
    for how in (waiting_list.accept, waiting_list.decline, opens):
        with pytest.raises(Unmet) as refused:
            line.answers(how, line.juno, line.bell)
        assert refused.value.message_key == "waiting_list.nothing_offered"


def test_nobody_else_answers_for_a_family(line: Line) -> None:
    line.frees()
    for actor in hostile(line.world, line.vale):
        for how in (opens, presses_without, place_offers.decline):
            with pytest.raises(NotFound):
                how(line.world.db, actor, line.booking(line.theo).public_id, NOW + 2 * HOUR)
    for job in (waiting_list.expire, trials.expire, passes.expire):
        with pytest.raises(NotAllowed):
            job(line.world.db, line.vale.guardian, NOW)
    assert standing(line) == ("offered", "waiting")


def test_whoever_leaves_the_line_makes_room_for_the_next(line: Line) -> None:
    line.frees()
    withdrawals.withdraw(line.world.db, SYSTEM, line.theo, "Found another class", NOW + 2 * HOUR)
    assert standing(line) == ("declined", "offered")
    with pytest.raises(NotLive):
        withdrawals.withdraw(line.world.db, SYSTEM, line.theo, "", NOW + 2 * HOUR)
    assert miscounted(line.world.db) == {}


def test_a_session_called_off_during_an_offer_is_not_part_of_what_is_taken(line: Line) -> None:
    line.frees()
    attendance.call_off(line.world.db, SYSTEM, line.booked.sessions[1].session_id, "Pool closed", NOW + HOUR)
    line.answers(waiting_list.accept, line.theo, line.vale)

    going = select(col(Attendance.id)).where(
        col(Attendance.booking_id) == line.theo, col(Attendance.status) == AttendanceStatus.GOING
    )
    assert len(line.world.db.execute(going).all()) == 6
    assert miscounted(line.world.db) == {}


def test_a_line_for_a_course_one_is_in_is_not_joined(line: Line) -> None:
    with pytest.raises(AlreadyBooked):
        waiting_list.join(line.world.db, SYSTEM, line.vale["Theo"], line.course, NOW)


def test_the_provider_says_how_long_offers_last(line: Line) -> None:
    provider.save(line.world.db, SYSTEM, {"waiting_offer_hours": 6}, NOW)
    line.frees()
    assert line.entry(line.theo).offer_expires_at == NOW + 7 * HOUR
