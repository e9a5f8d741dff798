from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.benefits import PassEntry, PassKind
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    Booking,
    BookingStatus,
    OpenReason,
    WaitingListEntry,
)
from portal.models.classes import ClassSession, ProgrammeKind
from portal.rules.conditions import Unmet
from portal.services import drop_ins, enrolment, passes, waiting_list
from portal.services.enrolment import AlreadyBooked, CourseFull, CourseOver, SessionStarted
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def taken(world: Otterbrook, course_id: int) -> list[int]:
    rows = select(col(ClassSession.taken)).where(col(ClassSession.course_id) == course_id)
    return list(world.db.execute(rows.order_by(col(ClassSession.starts_at))).scalars())


def test_a_booking_takes_a_place_in_every_session_still_to_come(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    booked = world.enrol(vale["Mila"], course)
    assert taken(world, course) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert booked.sessions[0].day == TODAY
    booking = world.db.get_one(Booking, booked.booking_id)
    assert (booking.status, booking.starts_on, booking.ends_on) == (
        BookingStatus.ACTIVE,
        TODAY,
        TODAY + timedelta(weeks=6),
    )


def test_a_booking_may_start_later(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    world.enrol(vale["Mila"], course, starts_on=TODAY + timedelta(weeks=2))
    assert taken(world, course) == [0, 0, 0, 1, 1, 1, 1, 1]


def test_a_full_course_is_refused_and_nothing_is_taken(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila", "Theo", "Juno"), world.course(capacity=2)
    world.enrol(vale["Mila"], course)
    world.enrol(vale["Theo"], course, starts_on=TODAY + timedelta(weeks=6))
    with pytest.raises(CourseFull):
        world.enrol(vale["Juno"], course)
    assert taken(world, course) == [0, 1, 1, 1, 1, 1, 1, 2]


def test_a_full_course_has_a_line_in_the_order_of_joining(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila", "Theo", "Juno"), world.course(capacity=1)
    world.enrol(vale["Mila"], course)
    for name in ("Theo", "Juno"):
        waiting_list.join(world.db, SYSTEM, vale[name], course, NOW)
    rows = select(col(Booking.member_id), col(WaitingListEntry.position)).join(
        Booking, col(Booking.id) == col(WaitingListEntry.booking_id)
    )
    assert dict(world.db.execute(rows).all()) == {vale["Theo"]: 1, vale["Juno"]: 2}
    assert max(taken(world, course)) == 1


def test_nobody_is_twice_in_one_course_or_in_its_line(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    world.enrol(vale["Mila"], course)
    with pytest.raises(AlreadyBooked):
        world.enrol(vale["Mila"], course)
    with pytest.raises(AlreadyBooked):
        waiting_list.join(world.db, SYSTEM, vale["Mila"], course, NOW)


def test_a_course_that_is_over_is_refused(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course(starts_on=date(2025, 9, 4))
    with pytest.raises(CourseOver):
        world.enrol(vale["Mila"], course)


def test_a_booking_that_waits_for_a_confirmation_holds_its_places(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    booked = world.enrol(vale["Mila"], course, waits_for=OpenReason.CONFIRMATION)
    booking = world.db.get_one(Booking, booked.booking_id)
    assert (booking.status, booking.open_reason) == (BookingStatus.OPEN, OpenReason.CONFIRMATION)
    assert sum(taken(world, course)) == 7


def test_a_trial_is_one_session_and_stays_open(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    booked = enrolment.book_trial(world.db, SYSTEM, vale["Mila"], world.session_on(course), NOW)
    assert sum(taken(world, course)) == 1
    assert world.db.get_one(Booking, booked.booking_id).open_reason == OpenReason.TRIAL
    assert world.db.get_one(Attendance, booked.sessions[0].attendance_id).kind == AttendanceKind.TRIAL


def pool(world: Otterbrook) -> int:
    return world.course("Open Swim", world.programme("Open Swim", kind=ProgrammeKind.DROP_IN))


def pool_pass(world: Otterbrook, family_id: int, entries: int = 10) -> int:
    new = NewPass(family_id, PassKind.ENTRY, "Open Swim pass", TODAY, entries_total=entries)
    return passes.sell(world.db, SYSTEM, new, "Bought", NOW)


def test_a_visit_takes_a_place_and_an_entry(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Juno"), pool(world)
    card = pool_pass(world, vale.family_id)
    visit = drop_ins.visit(world.db, SYSTEM, vale["Juno"], world.session_on(course), card, NOW)
    entry = world.db.execute(
        select(PassEntry).where(col(PassEntry.attendance_id) == visit.attendance_id)
    ).scalar_one()
    assert (entry.change, entry.left_after) == (-1, 9)
    assert sum(taken(world, course)) == 1


def test_visits_of_a_member_belong_to_one_booking(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Juno"), pool(world)
    card = pool_pass(world, vale.family_id)
    for week in range(2):
        session = world.session_on(course, TODAY + timedelta(weeks=week))
        drop_ins.visit(world.db, SYSTEM, vale["Juno"], session, card, NOW)
    assert len(world.db.execute(select(col(Booking.id))).all()) == 1


def test_a_used_up_pass_opens_no_session(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Juno", "Mila"), pool(world)
    card = pool_pass(world, vale.family_id, entries=1)
    drop_ins.visit(world.db, SYSTEM, vale["Juno"], world.session_on(course), card, NOW)
    with pytest.raises(Unmet) as refusal:
        drop_ins.visit(world.db, SYSTEM, vale["Mila"], world.session_on(course), card, NOW)
    assert refusal.value.message_key == "passes.used_up"


def test_a_visit_with_somebody_elses_pass_is_not_found(world: Otterbrook) -> None:
    vale, bell, course = world.family("Vale", "Juno"), world.family("Bell", "Ruth"), pool(world)
    with pytest.raises(NotFound):
        drop_ins.visit(
            world.db, SYSTEM, bell["Ruth"], world.session_on(course), pool_pass(world, vale.family_id), NOW
        )


def test_a_course_for_a_term_is_not_visited(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Juno"), world.course()
    with pytest.raises(Unmet):
        drop_ins.visit(
            world.db, SYSTEM, vale["Juno"], world.session_on(course), pool_pass(world, vale.family_id), NOW
        )


def test_a_session_that_has_started_is_too_late(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    with pytest.raises(SessionStarted):
        enrolment.book_trial(
            world.db, SYSTEM, vale["Mila"], world.session_on(course, TODAY - timedelta(weeks=1)), NOW
        )


def test_a_guardian_does_not_enrol_by_themselves(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    with pytest.raises(NotAllowed):
        enrolment.book(world.db, vale.guardian, vale["Mila"], course, NOW)
