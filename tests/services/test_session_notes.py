from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from portal.actor import SYSTEM
from portal.models.messages import OutboxMessage
from portal.services import attendance, outbox, session_notes, shares, timetable
from portal.services.enrolment import Booked
from tests.factories import NOW, Household, Otterbrook
from tests.support.being_told import DESK, SOON

NEXT_WEEK = date(2026, 3, 19)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


@pytest.fixture
def booked(world: Otterbrook, vale: Household) -> Booked:
    return world.enrol(vale["Mila"], world.course())


def letters(world: Otterbrook) -> list[outbox.Leased]:
    return outbox.lease(world.db, NOW, 20, DESK)


def test_a_session_called_off_is_told_at_once_with_its_credit(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    attendance.call_off(
        world.db, SYSTEM, booked.on(NEXT_WEEK).session_id, "Pool closed", NOW, credit_minor=1200
    )

    (letter,) = letters(world)
    assert letter.written.subject == "Cancelled: Little Waves 2, Thu 19 March at 16:30"
    assert "Pool closed" in letter.written.text
    assert "€12.00" in letter.written.text


def test_whoever_the_booking_is_shared_with_hears_of_it_and_of_no_money(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    shares.share(world.db, SYSTEM, booked.booking_id, "Ruth", "ruth@vale.example", NOW, can_act=True)
    attendance.call_off(
        world.db, SYSTEM, booked.on(NEXT_WEEK).session_id, "Pool closed", NOW, credit_minor=1200
    )

    told = {letter.to_address: letter.written.text for letter in letters(world)}

    assert "€12.00" in told[vale.email]
    assert "Pool closed" in told["ruth@vale.example"]
    assert "credit" not in told["ruth@vale.example"]


def test_a_session_that_moves_is_told_with_a_calendar_file(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    shares.share(world.db, SYSTEM, booked.booking_id, "Ruth", "ruth@vale.example", NOW)
    world.db.execute(OutboxMessage.__table__.delete())  # type: ignore[attr-defined]
    timetable.change_session(
        world.db, SYSTEM, booked.on(NEXT_WEEK).session_id, "Lane changed", NOW, room="lane 1"
    )

    told = {letter.to_address: letter.written for letter in letters(world)}
    assert set(told) == {vale.email, "ruth@vale.example"}
    for written in told.values():
        assert "lane 1" in written.text
        assert "BEGIN:VEVENT" in written.calendar


def test_what_a_family_books_is_confirmed_with_a_calendar_file_of_all_of_it(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    for coming in booked.sessions[1:3]:
        for _ in range(2):
            session_notes.tell_booked(world.db, coming.attendance_id, NOW)

    (letter,) = outbox.lease(world.db, SOON, 20, DESK)

    assert letter.written.subject == "Otterbrook Classes: 2 things to know"
    assert "Booked: Little Waves 2, Thu 19 March at 16:30" in letter.written.text
    assert letter.written.calendar.count("BEGIN:VEVENT") == 2


def test_a_booking_that_was_undone_at_once_is_not_confirmed(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    going = booked.on(NEXT_WEEK).attendance_id
    session_notes.tell_booked(world.db, going, NOW)
    attendance.cancel(world.db, vale.guardian, going, NOW)

    assert outbox.lease(world.db, SOON, 20, DESK) == []


@pytest.mark.parametrize(("room", "before"), [("lane 1", True), ("lane 4", False), (None, False)])
def test_where_it_was_is_told_only_when_it_moves(
    world: Otterbrook, vale: Household, room: str | None, before: bool
) -> None:
    booked = world.enrol(vale["Mila"], world.course(room="lane 4"))
    timetable.change_session(
        world.db, SYSTEM, booked.on(NEXT_WEEK).session_id, "Ivan is ill, Petra comes", NOW, room=room
    )

    (letter,) = letters(world)
    assert ("It was lane 4" in letter.written.text) is before


def test_who_is_not_going_and_what_has_begun_is_not_told(
    world: Otterbrook, vale: Household, booked: Booked
) -> None:
    going = booked.on(NEXT_WEEK)
    attendance.cancel(world.db, vale.guardian, going.attendance_id, NOW)
    timetable.change_session(world.db, SYSTEM, going.session_id, "Lane changed", NOW)
    started = booked.sessions[0]
    attendance.call_off(world.db, SYSTEM, started.session_id, "Storm", started.starts_at + timedelta(hours=1))

    assert (
        world.db.exec(select(OutboxMessage.kind).where(col(OutboxMessage.kind).like("session%"))).all() == []
    )
