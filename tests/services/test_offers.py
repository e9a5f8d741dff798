from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models.benefits import MakeUp, MakeUpStatus
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
from portal.rows.offers import Answered, OfferSheet
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    enrolment,
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
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.make_ups import book as book_make_up
from tests.support.places import miscounted, public_id, taken

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


JAZZ_LEFT = 7425
"""Of €99.00 for eight sessions, six are still to come after the trial."""


def opens(db: Session, actor: Actor, booking: str, now: datetime) -> OfferSheet:
    return place_offers.sheet(db, actor, booking, "", now)


def presses(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """What is shown is taken."""
    return place_offers.accept(db, actor, opens(db, actor, booking, now), now)


def presses_without(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """No sheet was opened: the press says only which booking."""
    return place_offers.accept(db, actor, OfferSheet(booking), now)


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


def hostile(world: Otterbrook, home: Household) -> list[Actor]:
    other = world.family("Bell", "Ruth")
    share_only = Actor(ActorKind.GUARDIAN, guardian_id=home.guardian_id)
    return [other.guardian, share_only, Actor(ActorKind.GUARDIAN)]


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


class Line:
    """A full course, Mila in it, Theo and Juno waiting."""

    def __init__(self, world: Otterbrook) -> None:
        self.world = world
        self.home, self.vale, self.bell = (
            world.family("Cole", "Ada"),
            world.family("Vale", "Theo"),
            world.family("Bell", "Juno"),
        )
        self.course = world.course("Stroke School 2", capacity=1, price_minor=14000)
        self.booked = world.enrol(self.home["Ada"], self.course)
        self.theo, self.juno = (
            waiting_list.join(world.db, SYSTEM, family[name], self.course, NOW)
            for family, name in ((self.vale, "Theo"), (self.bell, "Juno"))
        )

    def frees(self, at: timedelta = HOUR) -> None:
        withdrawals.withdraw(self.world.db, SYSTEM, self.booked.booking_id, "Moved away", NOW + at)

    def booking(self, booking_id: int) -> Booking:
        self.world.db.flush()
        return self.world.db.get_one(Booking, booking_id, populate_existing=True)

    def entry(self, booking_id: int) -> WaitingListEntry:
        of = select(WaitingListEntry).where(col(WaitingListEntry.booking_id) == booking_id)
        return self.world.db.execute(of.execution_options(populate_existing=True)).scalar_one()

    def answers(self, how: Any, booking_id: int, family: Household, at: timedelta = 2 * HOUR) -> Any:
        public = self.booking(booking_id).public_id
        return how(self.world.db, family.guardian, public, NOW + at)


@pytest.fixture
def line(world: Otterbrook) -> Line:
    return Line(world)


def standing(line: Line) -> tuple[str, str]:
    return line.entry(line.theo).status, line.entry(line.juno).status


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


def test_a_booking_that_ends_frees_its_make_up_and_keeps_it_usable(world: Otterbrook) -> None:
    vale, programme = world.family("Vale", "Mila"), world.programme(make_ups=True)
    course = world.course(programme_id=programme)
    other = world.course(programme_id=programme, starts_local=time(18), ends_local=time(19))
    booked = world.enrol(vale["Mila"], course)
    earned = attendance.cancel(world.db, vale.guardian, booked.sessions[1].attendance_id, NOW)
    assert earned is not None
    book_make_up(world, vale.guardian, earned, world.session_on(other, TODAY + 2 * WEEK), NOW)
    withdrawals.withdraw(world.db, SYSTEM, booked.booking_id, "Moved away", NOW)

    assert sum(taken(world, course)) + sum(taken(world, other)) == 0
    assert miscounted(world.db) == {}
    assert world.db.get_one(MakeUp, earned, populate_existing=True).status == MakeUpStatus.AVAILABLE


def test_the_provider_says_how_long_offers_last(line: Line) -> None:
    provider.save(line.world.db, SYSTEM, {"waiting_offer_hours": 6}, NOW)
    line.frees()
    assert line.entry(line.theo).offer_expires_at == NOW + 7 * HOUR
