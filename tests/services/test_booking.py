"""One booking's dashboard: how far it is, what is next, what it costs, who can see it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.models.bookings import AttendanceStatus, Booking, OpenReason, Share
from portal.models.commerce import ItemKind
from portal.rows.bookings import BookingView, Detail
from portal.services import (
    attendance,
    booking,
    catalogue,
    enrolment,
    ordering,
    shares,
    timetable,
    trials,
)
from portal.services.enrolment import Booked
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.make_ups import book as book_make_up
from tests.support.queries import counted_queries
from tests.support.stories import mark, shared_with_ruth

LONG_AGO = NOW - timedelta(days=60)
THREE_WEEKS = timedelta(weeks=3)


def page(world: Otterbrook, actor: Actor, booking_id: int, **asked: str) -> BookingView:
    """The dashboard as this actor sees it after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return booking.read(world.db, actor, NOW, {"booking_id": _public_id(world, booking_id), **asked})


def milas(world: Otterbrook, **details: Any) -> tuple[Household, Booked]:
    """Mila in a course that began three weeks ago."""
    vale = world.family("Vale", "Mila", "Theo")
    course = world.course(starts_on=TODAY - THREE_WEEKS, **details)
    return vale, world.enrol(vale["Mila"], course, LONG_AGO)


def detail(view: BookingView, label: str) -> Detail | None:
    """One line of the details."""
    return next((line for line in view.details if line.label == label), None)


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
    booked = world.enrol(vale["Mila"], world.course(programme_id=programme, instructor_id=ines))
    view = page(world, vale.guardian, booked.booking_id)
    told = {line.label: line.words for line in view.details if line.words}
    assert told["When"] == "Thursdays, 16:30 to 17:00"
    assert told["Where"].endswith(", 4 Quay Street")
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
    _order(world, vale, booked, due=(TODAY - timedelta(days=6), TODAY + timedelta(days=30)))
    view = page(world, vale.guardian, booked.booking_id)
    assert [(line.amount, line.chips[0].word, bool(line.href)) for line in view.payments] == [
        ("€64.00", "Overdue by 6 days", True),
        ("€64.00", "Due Sat 11 April", True),
    ]
    price = detail(view, "Price")
    assert price is not None
    assert price.words == "€128.00"
    assert view.quick


def test_a_share_without_payments_sees_no_money_at_all(world: Otterbrook) -> None:
    vale, booked = milas(world)
    _order(world, vale, booked)
    view = page(world, shared_with_ruth(world, vale, booked.booking_id), booked.booking_id)
    assert view.payments == ()
    assert detail(view, "Price") is None
    assert "€" not in repr(view)


def test_a_share_with_payments_sees_those_of_this_booking_and_opens_none(world: Otterbrook) -> None:
    vale, booked = milas(world)
    _order(world, vale, booked)
    ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
    view = page(world, ruth, booked.booking_id)
    assert [(line.amount, line.href) for line in view.payments] == [("€128.00", "")]
    assert detail(view, "Price") is not None


def test_a_share_with_payments_never_sees_an_order_with_something_else_in_it(world: Otterbrook) -> None:
    vale, booked = milas(world)
    items = [
        NewItem(
            ItemKind.BOOKING, "Little Waves 2", 12800, member_id=vale["Mila"], booking_id=booked.booking_id
        ),
        NewItem(ItemKind.GOODS, "Swim cap", 800),
    ]
    ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, items, [DueDate(TODAY, TODAY)]), NOW)
    ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
    assert page(world, ruth, booked.booking_id).payments == ()
    assert page(world, vale.guardian, booked.booking_id).payments


def test_a_share_says_who_shares_and_shows_only_the_holder_and_itself(world: Otterbrook) -> None:
    vale, booked = milas(world)
    shares.share(world.db, vale.guardian, booked.booking_id, "Grandpa Bell", "grandpa@families.example", NOW)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    view = page(world, ruth, booked.booking_id)
    assert view.shared == "Nora Vale shares this booking with you. You see this booking and its sessions."
    assert "Grandpa Bell" not in [one.name for one in view.viewers]
    assert ("Ruth Bell", "You, can see, gets reminders") in [(one.name, one.can) for one in view.viewers]


def test_the_family_sees_who_can_see_the_booking(world: Otterbrook) -> None:
    vale, booked = milas(world)
    until = NOW + timedelta(days=30)
    shares.share(
        world.db,
        vale.guardian,
        booked.booking_id,
        "Omar Haddad",
        "omar@families.example",
        NOW,
        can_act=True,
        until=until,
    )
    shared_with_ruth(world, vale, booked.booking_id)
    world.db.execute(update(Share).where(col(Share.full_name) == "Ruth Bell").values(revoked_at=NOW))
    viewers = page(world, vale.guardian, booked.booking_id).viewers
    assert [(one.face.initial, one.name) for one in viewers] == [("NV", "Nora Vale"), ("OH", "Omar Haddad")]
    assert viewers[0].can.startswith("You, ")
    assert viewers[1].can == "Can see, cancel and sign up, until 11 April"


@pytest.mark.parametrize("tab", ["", "sessions"])
def test_a_booking_that_is_not_theirs_is_the_same_as_none(world: Otterbrook, tab: str) -> None:
    _, booked = milas(world)
    moreau = world.family("Moreau", "Lea")
    with pytest.raises(NotFound):
        page(world, moreau.guardian, booked.booking_id, tab=tab)
    with pytest.raises(NotFound):
        page(world, moreau.guardian, 0, tab=tab)


def test_a_revoked_share_is_the_same_as_none(world: Otterbrook) -> None:
    vale, booked = milas(world)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    world.db.execute(update(Share).values(revoked_at=NOW))
    with pytest.raises(NotFound):
        page(world, ruth, booked.booking_id)


def test_a_share_of_one_booking_does_not_open_another_of_the_same_child(world: Otterbrook) -> None:
    vale, booked = milas(world)
    other = world.enrol(vale["Mila"], world.course())
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    with pytest.raises(NotFound):
        page(world, ruth, other.booking_id)


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
    _order(world, vale, long, due=tuple(TODAY + timedelta(days=ahead) for ahead in range(5)))
    short = world.enrol(vale["Theo"], world.course(ends_on=TODAY, starts_on=TODAY))
    for coming in (long.sessions[4], long.sessions[5]):
        attendance.cancel(world.db, vale.guardian, coming.attendance_id, NOW)
    for of in (short, long):
        asked = {"booking_id": _public_id(world, of.booking_id), "tab": tab}
        with counted_queries() as sent:
            world.db.info.pop("scene", None)
            booking.read(world.db, vale.guardian, NOW, asked)
        assert len(sent) == (3 if tab else 6 if of is long else 5)


def _public_id(world: Otterbrook, booking_id: int) -> str:
    found = world.db.execute(select(col(Booking.public_id)).where(col(Booking.id) == booking_id)).scalar()
    return found or "nosuchbooking"


def _order(world: Otterbrook, home: Household, booked: Booked, due: tuple[date, ...] = (TODAY,)) -> None:
    """The booking alone, in as many instalments as there are days."""
    item = NewItem(
        ItemKind.BOOKING, "Little Waves 2", 12800, member_id=home["Mila"], booking_id=booked.booking_id
    )
    dates = [DueDate(min(day, TODAY), day) for day in due]
    ordering.place(world.db, SYSTEM, NewOrder(home.family_id, [item], dates), NOW)
