from datetime import timedelta

import pytest

from portal.actor import SYSTEM
from portal.errors import NotAllowed
from portal.models.bookings import LIVE, AttendanceStatus, Booking, BookingStatus, OfferStatus, OpenReason
from portal.services import attendance, endings, enrolment, waiting_list
from tests.factories import NOW, Otterbrook

LAST = NOW + timedelta(weeks=6)
"""The day of the course's last session."""
AFTER = LAST + timedelta(days=1)


def booking(world: Otterbrook, booking_id: int) -> Booking:
    world.db.expire_all()
    return world.db.get_one(Booking, booking_id)


def trial(world: Otterbrook, came: AttendanceStatus) -> int:
    """Mila's booking of a trial, with what staff marked."""
    vale, course = world.family("Vale", "Mila"), world.course()
    tried = enrolment.book_trial(world.db, SYSTEM, vale["Mila"], world.session_on(course), NOW)
    coming = tried.sessions[0]
    attendance.register(world.db, SYSTEM, coming.session_id, {coming.attendance_id: came}, coming.starts_at)
    return tried.booking_id


def test_bookings_are_completed_the_day_after_their_last(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    booked = world.enrol(vale["Mila"], course)
    last = NOW + timedelta(weeks=6)
    assert endings.complete_ended(world.db, SYSTEM, last) == 0
    assert endings.complete_ended(world.db, SYSTEM, last + timedelta(days=1)) == 1
    assert world.db.get_one(Booking, booked.booking_id).status == BookingStatus.COMPLETED


@pytest.mark.parametrize("waits_for", [OpenReason.CONFIRMATION, OpenReason.PAYMENT])
def test_what_was_open_to_the_end_of_its_course_is_completed_too(
    world: Otterbrook, waits_for: OpenReason
) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    booked = world.enrol(vale["Mila"], course, waits_for=waits_for)

    assert endings.complete_ended(world.db, SYSTEM, LAST) == 0
    assert endings.complete_ended(world.db, SYSTEM, AFTER) == 1
    found = booking(world, booked.booking_id)
    assert (found.status, found.open_reason) == (BookingStatus.COMPLETED, "")


def test_a_trial_that_led_to_nothing_stays_open_until_its_course_is_over(world: Otterbrook) -> None:
    tried = trial(world, AttendanceStatus.MISSED)

    assert endings.complete_ended(world.db, SYSTEM, LAST) == 0
    assert endings.complete_ended(world.db, SYSTEM, AFTER) == 1
    assert booking(world, tried).status == BookingStatus.COMPLETED


def test_a_trial_whose_offer_waits_for_an_answer_is_not_over(world: Otterbrook) -> None:
    trial(world, AttendanceStatus.ATTENDED)

    assert endings.complete_ended(world.db, SYSTEM, AFTER) == 0


def test_nobody_waits_for_a_course_that_is_over(world: Otterbrook) -> None:
    vale, moss = world.family("Vale", "Mila"), world.family("Moss", "Ida")
    course = world.course(capacity=1)
    world.enrol(moss["Ida"], course)
    waiting = waiting_list.join(world.db, SYSTEM, vale["Mila"], course, NOW)

    assert endings.complete_ended(world.db, SYSTEM, LAST) == 0
    assert booking(world, waiting).status in LIVE
    endings.complete_ended(world.db, SYSTEM, AFTER)

    found = booking(world, waiting)
    assert (found.status, found.cancel_note) == (BookingStatus.CANCELLED, waiting_list.COURSE_OVER)
    entry, _ = waiting_list.find(world.db, vale.guardian, found.public_id)
    assert entry.status == OfferStatus.EXPIRED


def test_only_the_house_and_the_provider_end_bookings(world: Otterbrook) -> None:
    with pytest.raises(NotAllowed):
        endings.complete_ended(world.db, world.family("Vale").guardian, AFTER)
