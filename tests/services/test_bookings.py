"""The bookings page: active, open and why, past; and enquiries, which are not bookings yet."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.models.benefits import PassKind
from portal.models.bookings import (
    AttendanceStatus,
    Booking,
    OfferStatus,
    OpenReason,
    Share,
    WaitingListEntry,
)
from portal.models.classes import ProgrammeKind
from portal.rows.bookings import BookingsView
from portal.rows.calendar import BookingRow
from portal.services import attendance, bookings, drop_ins, endings, enrolment, passes, trials, waiting_list
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.queries import counted_queries
from tests.support.stories import mark, shared_with_ruth

LONG_AGO = NOW - timedelta(days=60)


def page(world: Otterbrook, actor: Actor, **asked: str) -> BookingsView:
    """The page as this actor sees it after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return bookings.read(world.db, actor, NOW, asked)


def only(view: BookingsView) -> BookingRow:
    """The one booking there is."""
    (row,) = [row for group in view.groups for row in group.rows]
    return row


def test_an_active_booking_shows_how_far_its_term_is(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY - timedelta(weeks=3)), LONG_AGO)
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    attendance.cancel(world.db, vale.guardian, booked.sessions[1].attendance_id, LONG_AGO)
    row = only(page(world, vale.guardian))
    assert (row.title, row.meta) == ("Little Waves 2", ("Mila", "Thursdays 16:30"))
    assert row.term.ticks == ("did", "off", "did", "next", "", "", "", "")
    assert row.term.label == "3 of 8 sessions done, 1 attended, 1 cancelled, 1 not marked yet"
    assert row.term.caption == "3 of 8 done"


def test_what_open_means_is_told_to_whom_it_concerns(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    view = page(world, vale.guardian)
    assert (view.book, view.waiting) == ("Book a class", "")
    world.enrol(vale["Mila"], world.course())
    waiting_list.join(world.db, SYSTEM, vale["Theo"], world.course("Stroke School 2"), NOW)
    view = page(world, vale.guardian)
    assert (view.book, view.waiting) == ("Book another class", view.groups[1].member)


def test_a_booking_that_has_not_begun_says_when_it_starts(world: Otterbrook) -> None:
    vale = world.family("Vale", "Theo")
    world.enrol(vale["Theo"], world.course(weekday=5, starts_on=TODAY))
    term = only(page(world, vale.guardian)).term
    assert term.label == "Starts on Saturday 14 March, 7 sessions"
    assert term.caption == "Starts Saturday, 7 sessions"


@pytest.mark.parametrize(
    ("reason", "word"),
    [(OpenReason.CONFIRMATION, "Awaiting confirmation"), (OpenReason.PAYMENT, "Awaiting payment")],
)
def test_an_open_booking_says_what_it_waits_for(world: Otterbrook, reason: OpenReason, word: str) -> None:
    vale = world.family("Vale", "Juno")
    world.enrol(vale["Juno"], world.course(), waits_for=reason)
    (group,) = page(world, vale.guardian).groups
    assert (group.name, group.rows[0].chips[0].word) == ("Open", word)


def test_the_place_on_the_waiting_list_is_the_place_in_line_now(world: Otterbrook) -> None:
    course = world.course(capacity=1)
    world.enrol(world.family("First", "Ada")["Ada"], course)
    ahead, vale = world.family("Ahead", "Ben"), world.family("Vale", "Theo")
    for home, name in ((ahead, "Ben"), (vale, "Theo")):
        waiting_list.join(world.db, SYSTEM, home[name], course, NOW)
    assert only(page(world, vale.guardian)).chips[0].word == "Waiting list, 2nd"
    world.db.execute(
        update(WaitingListEntry)
        .where(col(WaitingListEntry.position) == 1)
        .values(status=OfferStatus.DECLINED)
    )
    assert only(page(world, vale.guardian)).chips[0].word == "Waiting list, 1st"


def test_a_place_that_is_offered_says_until_when(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Theo"), world.course(capacity=0)
    waiting_list.join(world.db, SYSTEM, vale["Theo"], course, NOW)
    offered = {"status": OfferStatus.OFFERED, "offer_expires_at": NOW + timedelta(days=1)}
    world.db.execute(update(WaitingListEntry).values(offered))
    assert only(page(world, vale.guardian)).chips[0].word == "A place is yours until Fri 13 March, 14:10"


def test_a_trial_is_an_open_booking_with_its_session(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    course = world.course("Creative Movement", weekday=5, starts_on=TODAY)
    session_id = world.session_on(course, date(2026, 3, 21))
    enrolment.book_trial(world.db, SYSTEM, vale["Mila"], session_id, NOW)
    row = only(page(world, vale.guardian))
    assert (row.title, row.meta[1]) == ("Creative Movement, trial", "Sat 21 March, 16:30")
    assert row.chips[0].word == "Trial booked"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (AttendanceStatus.ATTENDED, "Trial attended"),
        (AttendanceStatus.MISSED, "Trial missed"),
        (AttendanceStatus.CANCELLED, "Trial cancelled"),
        (AttendanceStatus.GOING, "Trial done"),
    ],
)
def test_a_trial_that_is_over_says_how_it_went(
    world: Otterbrook, status: AttendanceStatus, word: str
) -> None:
    vale = world.family("Vale", "Mila")
    session_id = world.session_on(world.course(), TODAY - timedelta(days=7))
    booked = enrolment.book_trial(world.db, SYSTEM, vale["Mila"], session_id, LONG_AGO)
    mark(world, booked.sessions[0].attendance_id, status)
    assert only(page(world, vale.guardian)).chips[0].word == word


def test_a_past_booking_claims_no_attendance_that_nobody_marked(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    course = world.course(starts_on=date(2026, 1, 8), ends_on=date(2026, 1, 22))
    booked = world.enrol(vale["Juno"], course, NOW - timedelta(days=100))
    endings.complete_ended(world.db, SYSTEM, NOW)
    assert only(page(world, vale.guardian)).chips[0].word == "3 sessions done"
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
    assert only(page(world, vale.guardian)).chips[0].word == "1 of 3 attended"


def test_a_cancelled_booking_says_when(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    world.enrol(vale["Juno"], world.course())
    world.db.execute(update(Booking).values(status="cancelled", cancelled_at=NOW - timedelta(days=2)))
    (group,) = page(world, vale.guardian).groups
    assert (group.name, group.rows[0].chips[0].word) == ("Past", "Cancelled on 10 March")


def test_a_drop_in_counts_its_visits_and_has_no_term(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    programme = world.programme(kind=ProgrammeKind.DROP_IN)
    course = world.course("Open Swim", programme)
    ten = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", date(2026, 1, 1), entries_total=10)
    pass_id = passes.sell(world.db, SYSTEM, ten, "Bought", LONG_AGO)
    for day in (TODAY - timedelta(days=7), TODAY):
        drop_ins.visit(world.db, SYSTEM, vale["Juno"], world.session_on(course, day), pass_id, LONG_AGO)
    row = only(page(world, vale.guardian))
    assert (row.term.ticks, row.chips[0].word) == ((), "Drop-in, 1 visit so far")
    assert row.meta == ("Juno", "Thu 12 March, 16:30")


def test_visits_are_offered_to_a_family_with_somebody_who_could_come(world: Otterbrook) -> None:
    world.course("Open Swim", world.programme("Open Swim", kind=ProgrammeKind.DROP_IN))
    assert [one.name for one in page(world, world.family("Vale", "Juno").guardian).drop_ins] == ["Open Swim"]
    assert page(world, world.family("Solheim").guardian).drop_ins == ()


def test_groups_are_counted_for_each_choice(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    for _ in range(2):
        world.enrol(vale["Mila"], world.course())
    world.enrol(vale["Theo"], world.course())
    (group,) = page(world, vale.guardian).groups
    assert [count.number for count in group.counts] == ["3", "2", "1"]


def test_a_choice_without_bookings_is_told_so(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.enrol(vale["Mila"], world.course())
    assert [one.title for one in page(world, vale.guardian).nothing] == ["Theo has no bookings"]


def test_an_enquiry_is_no_booking_and_says_where_it_is(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    trials.enquire(
        world.db, vale.guardian, vale.family_id, world.programme("Street Dance"), "", NOW, vale["Juno"]
    )
    view = page(world, vale.guardian)
    assert not view.groups
    assert [(one.title, one.meta, one.chips[0].word) for one in view.enquiries] == [
        ("Street Dance", ("Juno", "sent 12 March"), "Your enquiry is with us")
    ]


def test_a_booking_shared_with_me_says_who_shared_it(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course())
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    assert only(page(world, ruth)).meta[-1] == "Shared by Nora Vale"


def test_a_share_that_is_over_or_revoked_shows_nothing(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course())
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    for ended in ({"until": NOW}, {"until": None, "revoked_at": NOW}):
        world.db.execute(update(Share).values(ended))
        assert not page(world, ruth).groups


def test_one_familys_bookings_and_enquiries_are_never_shown_to_another(world: Otterbrook) -> None:
    vale, moreau = world.family("Vale", "Mila"), world.family("Moreau", "Lea")
    world.enrol(vale["Mila"], world.course())
    trials.enquire(world.db, vale.guardian, vale.family_id, world.programme(), "", NOW)
    view = page(world, moreau.guardian)
    assert not view.groups
    assert not view.enquiries


def test_past_bookings_are_shown_newest_first_and_a_page_at_a_time(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    for weeks in range(1, bookings.PAGE + 2):
        starts = TODAY - timedelta(weeks=weeks)
        course = world.course(f"Course {weeks}", starts_on=starts, ends_on=starts)
        world.enrol(vale["Mila"], course, NOW - timedelta(weeks=60))
    endings.complete_ended(world.db, SYSTEM, NOW)
    view = page(world, vale.guardian)
    assert [row.title for row in view.groups[0].rows] == [f"Course {weeks}" for weeks in range(1, 21)]
    assert (view.more.href, view.more.label) == ("/bookings?show=40", "Show earlier bookings")
    everything = page(world, vale.guardian, show="40")
    assert (len(everything.groups[0].rows), everything.more.href) == (21, "")


def test_the_number_of_queries_does_not_grow_with_the_family(world: Otterbrook) -> None:
    small, large = world.family("Small", "Ada"), world.family("Large", *"ABCDEF")
    world.enrol(small["Ada"], world.course())
    for _ in range(4):
        course = world.course()
        for member_id in large.members.values():
            world.enrol(member_id, course)
    for home in (small, large):
        with counted_queries() as sent:
            page(world, home.guardian)
        assert len(sent) == 5
