"""One booking's dashboard: how far it is, what is next, what it costs, who can see it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from portal.actor import SYSTEM
from portal.models.bookings import AttendanceStatus, Booking, OpenReason
from portal.services import (
    attendance,
    booking,
    catalogue,
    enrolment,
    timetable,
    trials,
)
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.dashboards import LONG_AGO, detail, milas, order_of, page, public_id_of
from tests.support.make_ups import book as book_make_up
from tests.support.queries import counted_queries
from tests.support.stories import mark, shared_with_ruth


def test_it_opens_with_how_far_the_term_is(world: Otterbrook) -> None:
    vale, booked = milas(world)
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    mark(world, booked.sessions[1].attendance_id, AttendanceStatus.MISSED)
    view = page(world, vale.guardian, booked.booking_id)
    assert (view.title, view.lead[0], view.progress) == ("Little Waves 2", "Mila", "3 of 8 sessions done")
    assert [key.words for key in view.key] == [
        "1 attended",
        "1 not marked yet",
        "1 missed",
        "Next: today",
        "4 to come",
    ]


def test_the_next_sessions_say_what_changed(world: Otterbrook) -> None:
    vale, booked = milas(world)
    timetable.change_session(
        world.db, SYSTEM, booked.sessions[4].session_id, "Lane changed", NOW, room="lane 1"
    )
    coming = page(world, vale.guardian, booked.booking_id).coming
    assert [(row.day.weekday, row.day.number, row.title) for row in coming] == [
        ("Today", "12", "16:30 to 17:00"),
        ("Thu", "19", "16:30 to 17:00"),
        ("Thu", "26", "16:30 to 17:00"),
    ]
    assert coming[1].chips[0].word == "Lane changed"
    assert coming[1].meta[0].endswith(", lane 1")


def test_the_details_say_when_where_who_and_what_to_bring(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    programme = world.programme(what_to_bring="Swimsuit, cap, towel")
    catalogue.add_document(
        world.db, SYSTEM, programme, "Before your first swim", "https://otterbrook.example/swim"
    )
    catalogue.add_document(world.db, SYSTEM, programme, "Not a page", "javascript:alert(1)")
    ines = catalogue.add_instructor(world.db, SYSTEM, "Ines Marlow", "Ines")
    booked = world.enrol(
        vale["Mila"], world.course(programme_id=programme, instructor_id=ines, room="lane 2")
    )
    view = page(world, vale.guardian, booked.booking_id)
    told = {line.label: line.words for line in view.details if line.words}
    assert told["When"] == "Thursdays, 16:30 to 17:00"
    assert told["Where"].endswith(", lane 2")
    assert told["Address"] == "4 Quay Street"
    assert (told["Teacher"], told["What to bring"]) == ("Ines Marlow", "Swimsuit, cap, towel")
    assert told["If you can’t come"].startswith("Tell us at least 12 hours before")
    documents = detail(view, "Documents")
    assert documents is not None
    assert [link.label for link in documents.links] == ["Before your first swim"]


def test_a_programme_that_gives_no_make_ups_does_not_promise_any(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(
        vale["Mila"], world.course(programme_id=world.programme(make_ups=False, notice_hours=48))
    )
    line = detail(page(world, vale.guardian, booked.booking_id), "If you can’t come")
    assert line is not None
    assert line.words == "Tell us at least 48 hours before, so that someone else can have the place."


def test_the_family_sees_what_it_cost_and_opens_each_payment(world: Otterbrook) -> None:
    vale, booked = milas(world)
    order_of(world, vale, booked, due=(TODAY - timedelta(days=6), TODAY + timedelta(days=30)))
    view = page(world, vale.guardian, booked.booking_id)
    assert [(line.amount, line.chips[0].word, bool(line.href)) for line in view.payments] == [
        ("€64.00", "Overdue by 6 days", True),
        ("€64.00", "Due Sat 11 April", True),
    ]
    price = detail(view, "Price")
    assert price is not None
    assert price.words == "€128.00"
    assert view.quick


def test_an_unused_make_up_says_what_it_replaces_and_until_when(world: Otterbrook) -> None:
    vale, booked = milas(world)
    attendance.cancel(world.db, vale.guardian, booked.sessions[4].attendance_id, NOW)
    (nudge,) = page(world, vale.guardian, booked.booking_id).make_ups
    assert nudge.title == "Mila has a make-up to use"
    assert nudge.words == (
        "It replaces Thu 19 March. Book it by 18 May. Mila is in every session to come already."
    )


def test_a_booked_make_up_is_told_with_the_session_it_replaces(world: Otterbrook) -> None:
    programme = world.programme()
    vale, booked = milas(world, programme_id=programme, extra_make_up_places=2)
    saturdays = world.course("Saturdays", programme, weekday=5, starts_on=TODAY, extra_make_up_places=2)
    earned = attendance.cancel(world.db, vale.guardian, booked.sessions[4].attendance_id, NOW)
    assert earned is not None
    book_make_up(world, vale.guardian, earned, world.session_on(saturdays, date(2026, 3, 21)), NOW)
    view = page(world, vale.guardian, booked.booking_id)
    assert view.make_ups == ()
    assert [(line.title, line.meta) for line in view.used] == [
        ("Make-up on Sat 21 March, 16:30", ("Instead of Thu 19 March",))
    ]
    assert view.progress == "3 of 8 sessions done"


def test_the_sessions_tab_groups_what_was_and_what_will_be(world: Otterbrook) -> None:
    vale, booked = milas(world)
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    mark(world, booked.sessions[1].attendance_id, AttendanceStatus.MISSED)
    attendance.cancel(world.db, vale.guardian, booked.sessions[7].attendance_id, NOW)
    view = page(world, vale.guardian, booked.booking_id, tab="sessions")
    assert [(group.name, group.count, group.rows[0].title) for group in view.groups] == [
        ("Scheduled", "4", "12 March, 16:30 to 17:00"),
        ("Attended", "1", "19 February, 16:30 to 17:00"),
        ("Cancelled", "1", "9 April, 16:30 to 17:00"),
        ("Missed", "1", "26 February, 16:30 to 17:00"),
        ("Not marked yet", "1", "5 March, 16:30 to 17:00"),
    ]
    assert view.back.label == "Little Waves 2"


def test_the_sessions_tab_opens_with_the_strip_and_its_counts(world: Otterbrook) -> None:
    vale, booked = milas(world)
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    mark(world, booked.sessions[1].attendance_id, AttendanceStatus.MISSED)
    attendance.cancel(world.db, vale.guardian, booked.sessions[7].attendance_id, NOW)
    view = page(world, vale.guardian, booked.booking_id, tab="sessions")
    assert view.progress == "3 of 8 sessions done"
    assert view.term.ticks == ("did", "miss", "did", "next", "", "", "", "off")
    assert {one.words for one in view.key} >= {"1 attended", "1 missed"}


def test_after_a_trial_the_offer_is_told_with_price_and_expiry(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Juno"), world.course("Jazz Taster")
    booked = enrolment.book_trial(
        world.db, SYSTEM, vale["Juno"], world.session_on(course, TODAY - timedelta(days=7)), LONG_AGO
    )
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    jazz = world.course("Jazz Juniors")
    trials.offer(world.db, SYSTEM, booked.booking_id, jazz, 9900, NOW + timedelta(days=9), NOW)
    (offer,) = page(world, vale.guardian, booked.booking_id).offer
    assert offer.title == "A place for Juno in Jazz Juniors"
    assert offer.words == "€99.00 after the trial, offered until Sat 21 March at 14:10."
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    assert page(world, ruth, booked.booking_id).offer == ()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (OpenReason.CONFIRMATION, "We look at every booking ourselves"),
        (OpenReason.PAYMENT, "The place is kept, and yours as soon as the first payment has arrived."),
    ],
)
def test_an_open_booking_explains_itself(world: Otterbrook, reason: OpenReason, words: str) -> None:
    vale = world.family("Vale", "Juno")
    booked = world.enrol(vale["Juno"], world.course(), waits_for=reason)
    assert page(world, vale.guardian, booked.booking_id).explained.startswith(words)


def test_a_cancelled_booking_keeps_its_history_and_has_nothing_next(world: Otterbrook) -> None:
    vale, booked = milas(world)
    world.db.execute(update(Booking).values(status="cancelled", cancel_note="Moved to another town"))
    view = page(world, vale.guardian, booked.booking_id)
    assert (view.chip.word, view.explained, view.coming) == ("Cancelled", "Moved to another town", ())


@pytest.mark.parametrize("tab", ["", "sessions"])
def test_the_number_of_queries_does_not_grow_with_the_booking(world: Otterbrook, tab: str) -> None:
    vale, long = milas(world)
    order_of(world, vale, long, due=tuple(TODAY + timedelta(days=ahead) for ahead in range(5)))
    short = world.enrol(vale["Theo"], world.course(ends_on=TODAY, starts_on=TODAY))
    for coming in (long.sessions[4], long.sessions[5]):
        attendance.cancel(world.db, vale.guardian, coming.attendance_id, NOW)
    for of in (short, long):
        asked = {"booking_id": public_id_of(world, of.booking_id), "tab": tab}
        with counted_queries() as sent:
            world.db.info.pop("scene", None)
            booking.read(world.db, vale.guardian, NOW, asked)
        assert len(sent) == (3 if tab else 6 if of is long else 5)
