"""What a family pays for a place: one price on the home page, the booking, the sheet, the letter and the order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.bookings import Attendance, AttendanceStatus, Booking
from portal.models.classes import ClassSession, SessionStatus
from portal.models.commerce import OrderItem
from portal.models.discounts import Discount, DiscountKind
from portal.models.messages import OutboxMessage
from portal.rows.common import Fact
from portal.rules.conditions import Unmet
from portal.services import (
    booking,
    enrolment,
    home,
    orders,
    place_offers,
    provider,
    timetable,
    trials,
    waiting_list,
)
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import public_id
from tests.support.priced_places import FULL, LATE, LESS, Place
from tests.support.queries import counted_queries


def test_the_price_is_the_same_wherever_it_is_told_and_charged(place: Place) -> None:
    db, nora = place.world.db, place.vale.guardian
    (nudge,) = home.read(db, nora, NOW, {}).nudges
    page = booking.read(db, nora, NOW, {"booking_id": place.booking})
    letter = db.execute(select(OutboxMessage)).scalar_one()
    sheet = place.opens()
    place.presses(sheet)

    (order,) = place.orders()
    assert (order.total_minor, sheet.total_minor) == (LESS, LESS)
    assert nudge.words.startswith("€126.00, kept until")
    assert page.offer[0].words == nudge.words
    assert {line.label: line.words for line in page.details}["Price"] == "€126.00"
    assert sheet.accept == "Take the place for €126.00"
    assert "€126.00" in str(letter.model_dump())


def test_the_sheet_and_the_order_show_how_the_price_came_about(place: Place) -> None:
    place.grants(DiscountKind.LOYALTY, "Loyalty, 10%")
    sheet = place.opens()
    place.presses(sheet)

    told = [(fact.label, fact.value) for fact in sheet.facts[4:]]
    assert told == [
        ("Whole course", "€160.00"),
        ("Before discounts", "€140.00"),
        ("Sibling, 10%", "−€14.00"),
        ("Price", "€126.00"),
    ]
    why = "This discount starts after the first completed course. It comes off by itself with the next one."
    refused = f"Loyalty, 10%: {why}"
    assert sheet.not_taken_off == (refused,)
    seen = orders.read(place.world.db, place.vale.guardian, NOW, {"open": place.orders()[0].number}).opened
    assert [(line.label, line.note, line.amount) for line in seen.lines[:3]] == [
        ("Stroke School 2", "7 of 8 sessions, for Theo", "€140.00"),
        ("Sibling, 10%", "", "−€14.00"),
        ("Total", "", "€126.00"),
    ]
    assert seen.not_taken_off == (refused,)


def test_sessions_that_were_called_off_are_in_neither_number(place: Place) -> None:
    of = (col(ClassSession.course_id) == place.course, col(ClassSession.starts_at) > NOW + timedelta(days=30))
    place.world.db.execute(update(ClassSession).where(*of).values(status=SessionStatus.CANCELLED))
    left, whole = 5, 6

    place.presses(place.opens())
    (item,) = place.world.db.execute(select(OrderItem)).scalars()
    assert (item.unit_minor, item.detail) == (FULL * left // whole, f"{left} of {whole} sessions")


def test_a_provider_may_ask_the_whole_price_of_everybody(place: Place) -> None:
    provider.save(place.world.db, SYSTEM, {"pay_for_what_is_left": False}, NOW)
    place.presses(place.opens())
    assert place.orders()[0].total_minor == FULL * 9 // 10


def lose_the_discount(place: Place) -> None:
    place.world.db.get_one(Discount, place.sibling).valid_until = TODAY - timedelta(days=1)
    place.world.db.get_one(Discount, place.sibling).valid_from = TODAY - timedelta(days=9)


def raise_the_price(place: Place) -> None:
    provider.save(place.world.db, SYSTEM, {"pay_for_what_is_left": False}, NOW)


@pytest.mark.parametrize(
    ("happens", "key", "total"),
    [
        (lose_the_discount, "pricing.discount_gone", LATE),
        (raise_the_price, "pricing.dearer", FULL * 9 // 10),
    ],
)
def test_nobody_is_charged_more_than_they_were_shown(
    place: Place, happens: Callable[[Place], None], key: str, total: int
) -> None:
    seen = place.opens()
    happens(place)
    place.world.db.flush()
    with pytest.raises(Unmet) as refused, place.world.db.begin_nested():
        place.presses(seen)

    assert (refused.value.message_key, place.orders()) == (key, [])
    place.presses(place.opens())
    assert place.orders()[0].total_minor == total


def test_what_has_become_cheaper_costs_less_than_was_shown(place: Place) -> None:
    provider.save(place.world.db, SYSTEM, {"pay_for_what_is_left": False}, NOW)
    seen = place.opens()
    provider.save(place.world.db, SYSTEM, {"pay_for_what_is_left": True}, NOW)
    place.presses(seen)
    assert place.orders()[0].total_minor == LESS


def test_without_the_price_that_was_shown_the_higher_one_is_charged(place: Place) -> None:
    """The control: it is the sheet's price that refuses, and nothing else."""
    place.opens()
    lose_the_discount(place)
    waiting_list.accept(place.world.db, place.vale.guardian, place.booking, NOW)
    assert place.orders()[0].total_minor == LATE


def test_an_offer_has_the_price_of_the_sessions_that_were_to_come_when_it_was_made(world: Otterbrook) -> None:
    place = Place(world)
    course = world.course("Jazz Juniors", price_minor=FULL)
    tried = enrolment.book_trial(world.db, SYSTEM, place.vale["Theo"], world.session_on(course), NOW)
    coming, evening = tried.sessions[0], NOW + timedelta(hours=6)
    world.db.get_one(Attendance, coming.attendance_id).status = AttendanceStatus.ATTENDED
    trials.offer(world.db, SYSTEM, tried.booking_id, course, 7000, NOW + timedelta(days=20), evening)
    trial = public_id(world, Booking, tried.booking_id)
    at_once = place_offers.sheet(world.db, place.vale.guardian, trial, "", evening)
    later = place_offers.sheet(world.db, place.vale.guardian, trial, "", NOW + timedelta(days=8))

    assert (at_once.total_minor, later.total_minor) == (6300, 5833 - 583)
    assert later.facts[4] == Fact("As offered", "€70.00", "You pay for 5 of 6 sessions")


def test_prices_cost_one_query_however_many_places_are_kept(world: Otterbrook) -> None:
    place = Place(world)
    costs = []
    for _ in range(3):
        place.is_kept()
        world.db.flush()
        world.db.expunge_all()
        world.db.info.clear()
        with counted_queries() as sent:
            assert home.read(world.db, place.vale.guardian, NOW, {}).nudges
        costs.append(len(sent))
        course = world.course(f"Another {len(costs)}", capacity=0, price_minor=FULL)
        waiting_list.join(world.db, SYSTEM, place.vale["Theo"], course, NOW)
        timetable.change_capacity(world.db, SYSTEM, course, 1, NOW)
    world.db.flush()
    world.db.expunge_all()
    world.db.info.clear()
    with counted_queries() as sent:
        booking.read(world.db, place.vale.guardian, NOW, {"booking_id": place.booking})
    assert costs[0] == costs[1] == costs[2] <= 11
    assert len(sent) <= 6
