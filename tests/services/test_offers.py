from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.errors import NotAllowed, NotFound
from portal.models.bookings import (
    Attendance,
    AttendanceStatus,
    Booking,
    BookingKind,
    BookingStatus,
    OfferStatus,
    TrialOffer,
    WaitingListEntry,
)
from portal.models.commerce import Order, OrderItem, Payment
from portal.models.messages import OutboxMessage
from portal.models.offers import PlaceHold
from portal.rows.offers import OfferSheet
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    enrolment,
    place_offers,
    trials,
    waiting_list,
)
from portal.services.enrolment import CourseFull
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import miscounted, public_id, taken
from tests.support.pressing import DAY, HOUR, WEEK, hostile, presses_without

JAZZ_LEFT = 7425
"""Of €99.00 for eight sessions, six are still to come after the trial."""


class Jazz:
    """A course in which Juno has tried a session."""

    def __init__(self, world: Otterbrook, *, capacity: int = 2, **policies: Any) -> None:
        self.world, self.vale = world, world.family("Vale", "Juno", "Mila")
        self.course = world.course(
            "Jazz Juniors", world.programme(**policies), capacity=capacity, price_minor=9900
        )
        session_id = world.session_on(self.course)
        self.trial = enrolment.book_trial(world.db, SYSTEM, self.vale["Juno"], session_id, NOW)
        self.later = NOW + 6 * HOUR

    def attends(self, status: AttendanceStatus = AttendanceStatus.ATTENDED) -> None:
        coming = self.trial.sessions[0]
        register = {coming.attendance_id: status}
        attendance.register(self.world.db, SYSTEM, coming.session_id, register, self.later)

    @property
    def booking(self) -> str:
        return public_id(self.world, Booking, self.trial.booking_id)

    def offers(self) -> list[TrialOffer]:
        query = select(TrialOffer).execution_options(populate_existing=True)
        return list(self.world.db.execute(query).scalars())

    def enrols(self, actor: Actor | None = None, later: timedelta = HOUR) -> str:
        return trials.enrol(self.world.db, actor or self.vale.guardian, self.booking, self.later + later)


@pytest.fixture
def jazz(world: Otterbrook) -> Jazz:
    return Jazz(world)


def test_an_attended_trial_makes_an_offer_that_keeps_a_place_in_every_session_to_come(jazz: Jazz) -> None:
    jazz.attends()

    (offer,) = jazz.offers()
    assert (offer.status, offer.price_minor) == (OfferStatus.OFFERED, JAZZ_LEFT)
    assert offer.expires_at == (jazz.later + 7 * DAY).replace(second=0)
    assert taken(jazz.world, jazz.course) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert miscounted(jazz.world.db) == {}


def test_the_family_is_written_of_an_offer_once(jazz: Jazz) -> None:
    jazz.attends()
    jazz.attends()

    kinds = jazz.world.db.execute(select(col(OutboxMessage.kind))).scalars().all()
    assert list(kinds) == ["trial_offer"]
    assert len(jazz.offers()) == 1


def test_a_trial_that_was_missed_makes_none(jazz: Jazz) -> None:
    jazz.attends(AttendanceStatus.MISSED)
    assert jazz.offers() == []


def test_where_the_staff_make_the_offers_none_comes_by_itself(world: Otterbrook) -> None:
    jazz = Jazz(world, trial_offer_days=0)
    jazz.attends()
    assert jazz.offers() == []


def test_a_full_course_makes_no_offer_and_the_register_stands(world: Otterbrook) -> None:
    jazz = Jazz(world, capacity=1)
    other = world.family("Bell", "Ruth")
    world.enrol(other["Ruth"], jazz.course, starts_on=TODAY + WEEK)
    jazz.attends()

    assert jazz.offers() == []
    assert world.db.get_one(Attendance, jazz.trial.sessions[0].attendance_id).status == "attended"


def test_enrolling_makes_the_booking_and_its_order_and_ends_the_trial(jazz: Jazz) -> None:
    jazz.attends()
    booked = jazz.enrols()

    db = jazz.world.db
    full = db.execute(select(Booking).where(col(Booking.public_id) == booked)).scalar_one()
    trial = db.get_one(Booking, jazz.trial.booking_id, populate_existing=True)
    assert (full.kind, full.status, full.starts_on) == (BookingKind.FULL, BookingStatus.ACTIVE, TODAY + WEEK)
    assert (trial.status, trial.open_reason) == (BookingStatus.COMPLETED, "")
    order, item, payment = db.execute(
        select(Order, OrderItem, Payment)
        .join(OrderItem, col(OrderItem.order_id) == col(Order.id))
        .join(Payment, col(Payment.order_id) == col(Order.id))
    ).one()
    assert (order.total_minor, item.booking_id, payment.amount_minor) == (JAZZ_LEFT, full.id, JAZZ_LEFT)
    assert order.guardian_id == jazz.vale.guardian_id
    assert taken(jazz.world, jazz.course) == [0, 1, 1, 1, 1, 1, 1, 1]
    assert db.execute(select(PlaceHold)).all() == []
    assert miscounted(db) == {}


def test_the_place_the_trial_held_is_sold_to_nobody_else(world: Otterbrook) -> None:
    jazz = Jazz(world, capacity=1)
    jazz.attends()
    bell = world.family("Bell", "Ruth")
    with pytest.raises(CourseFull):
        world.enrol(bell["Ruth"], jazz.course, jazz.later)
    jazz.enrols()
    assert miscounted(world.db) == {}


def test_pressed_twice_the_offer_is_taken_once(jazz: Jazz) -> None:
    jazz.attends()
    jazz.enrols()
    with pytest.raises(Unmet) as refused:
        jazz.enrols()

    assert refused.value.message_key == "trials.already_enrolled"
    assert len(jazz.world.db.execute(select(col(Order.id))).all()) == 1


def test_an_offer_that_ran_out_is_refused_also_before_a_job_has_said_so(jazz: Jazz) -> None:
    jazz.attends()
    left = jazz.offers()[0].expires_at - jazz.later
    with pytest.raises(Unmet) as refused:
        jazz.enrols(later=left)
    assert refused.value.message_key == "trials.offer_over"
    jazz.enrols(later=left - timedelta(seconds=1))


def test_an_unused_offer_expires_at_its_end_and_frees_the_place(jazz: Jazz) -> None:
    jazz.attends()
    db, end = jazz.world.db, jazz.offers()[0].expires_at

    assert trials.expire(db, SYSTEM, end - timedelta(seconds=1)) == 0
    assert trials.expire(db, SYSTEM, end) == 1
    assert trials.expire(db, SYSTEM, end) == 0
    assert jazz.offers()[0].status == OfferStatus.EXPIRED
    assert (
        db.get_one(Booking, jazz.trial.booking_id, populate_existing=True).status == BookingStatus.COMPLETED
    )
    assert taken(jazz.world, jazz.course) == [0, 1, 0, 0, 0, 0, 0, 0]
    assert miscounted(db) == {}


def test_the_place_of_an_unused_offer_goes_to_the_line(world: Otterbrook) -> None:
    jazz = Jazz(world, capacity=1)
    jazz.attends()
    waiting_list.join(world.db, SYSTEM, jazz.vale["Mila"], jazz.course, jazz.later)
    trials.expire(world.db, SYSTEM, jazz.offers()[0].expires_at)

    entry = world.db.execute(select(WaitingListEntry)).scalar_one()
    assert entry.status == OfferStatus.OFFERED
    assert miscounted(world.db) == {}


def test_whoever_declines_gives_the_place_to_the_line_and_has_answered(world: Otterbrook) -> None:
    jazz = Jazz(world, capacity=1)
    jazz.attends()
    waiting_list.join(world.db, SYSTEM, jazz.vale["Mila"], jazz.course, jazz.later)
    told = place_offers.decline(world.db, jazz.vale.guardian, jazz.booking, jazz.later)
    assert told.words == "The place in Jazz Juniors is no longer kept."
    assert jazz.offers()[0].status == OfferStatus.DECLINED
    assert world.db.get_one(Booking, jazz.trial.booking_id).status == BookingStatus.COMPLETED
    assert world.db.execute(select(col(WaitingListEntry.status))).scalar_one() == OfferStatus.OFFERED
    assert miscounted(world.db) == {}
    for again in (presses_without, place_offers.decline):
        with pytest.raises(Unmet) as refused:
            again(world.db, jazz.vale.guardian, jazz.booking, jazz.later)
        assert refused.value.message_key == "trials.already_enrolled"


def test_a_second_offer_is_not_made_while_the_first_stands(jazz: Jazz) -> None:
    jazz.attends()
    booking_id, until = jazz.trial.booking_id, jazz.later + DAY
    with pytest.raises(Unmet) as refused:
        trials.offer(jazz.world.db, SYSTEM, booking_id, jazz.course, 100, until, jazz.later)
    assert refused.value.message_key == "trials.already_offered"


def test_nobody_else_sees_or_takes_an_offer(jazz: Jazz) -> None:
    jazz.attends()
    for actor in hostile(jazz.world, jazz.vale):
        with pytest.raises(NotFound):
            place_offers.sheet(jazz.world.db, actor, jazz.booking, "", jazz.later)
        with pytest.raises(NotFound):
            place_offers.accept(jazz.world.db, actor, OfferSheet(jazz.booking), jazz.later)
        with pytest.raises(NotFound):
            place_offers.decline(jazz.world.db, actor, jazz.booking, jazz.later)
    with pytest.raises(NotAllowed):
        trials.expire(jazz.world.db, jazz.vale.guardian, jazz.later)
    assert jazz.offers()[0].status == OfferStatus.OFFERED


def test_the_sheet_of_an_offer_says_what_changes_for_how_much_and_until_when(jazz: Jazz) -> None:
    jazz.attends()
    seen = place_offers.sheet(jazz.world.db, jazz.vale.guardian, jazz.booking, "", jazz.later)

    assert seen.title == "Enrol Juno in Jazz Juniors?"
    assert seen.why == "The place is kept for Juno until Thu 19 March at 20:10."
    assert {fact.label: fact.value for fact in seen.facts} == {
        "When": "Thursdays, 16:30 to 17:00",
        "Where": seen.facts[1].value,
        "First session": "Thu 19 March",
        "To come": "6 sessions, the last on 23 April",
        "Price": "€74.25",
    }
    assert (seen.accept, seen.decline) == ("Enrol Juno for €74.25", "No, thanks")
