"""A make-up from the day it is earned: what it can be booked for, by whom, and how it ends."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from portal.actor import SYSTEM
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUpStatus
from portal.models.bookings import Attendance, Booking, BookingStatus, Share
from portal.models.classes import ClassSession
from portal.models.provider import MakeUpExpiry
from portal.services import (
    attendance,
    make_up_choices,
    make_up_expiry,
    replacing,
    sessions,
    timetable,
)
from tests.factories import NOW, TODAY
from tests.support.places import miscounted, public_id
from tests.support.replaced import FRIDAY, SECOND, WEEK, refused, story
from tests.support.stories import shared_with_ruth


def test_booking_takes_the_place_and_undoing_it_does_not_count_as_its_one_return(session: Session) -> None:
    mila = story(session)
    for _ in range(2):
        assert mila.books() == "Mila comes to Fridays on Fri 20 March, 16:30"
        assert (
            replacing.undo(session, mila.nora, mila.id, NOW + 29 * SECOND) == "Mila’s make-up is yours again"
        )
    mila.books()
    with pytest.raises(PortalError):
        replacing.undo(session, mila.nora, mila.id, NOW + 31 * SECOND)
    assert mila.make_up.status == MakeUpStatus.BOOKED
    booked_as = mila.make_up.booked_as_id or 0
    attendance.cancel(session, mila.nora, booked_as, NOW + WEEK // 2)
    assert mila.make_up.status == MakeUpStatus.AVAILABLE
    assert miscounted(session) == {}


def test_a_booking_that_was_undone_stands_nowhere_and_one_that_was_cancelled_can_be_signed_back_up_for(
    session: Session,
) -> None:
    mila = story(session)

    def fridays(now: timedelta) -> list[tuple[str, str]]:
        session.info.pop("scene", None)
        days = sessions.read(session, mila.nora, NOW + now, {}).days
        return [
            (slot.going.cancel, slot.going.sign_back_up)
            for day in days
            for slot in day.slots
            if slot.title == "Fridays"
        ]

    mila.books()
    assert fridays(SECOND) == [("Can’t come", "")]
    replacing.undo(session, mila.nora, mila.id, NOW + 2 * SECOND)
    assert fridays(3 * SECOND) == []
    assert mila.history()[-1] == ("returned", "Booking undone")
    counts = sessions.read(session, mila.nora, NOW + 3 * WEEK, {"tab": "past"}).filters[0]
    assert [kind.label for kind in counts.kinds] == ["All", "Cancelled"]
    mila.books()
    attendance.cancel(session, mila.nora, mila.make_up.booked_as_id or 0, NOW + 4 * SECOND)
    assert fridays(5 * SECOND) == [("", "Sign back up")]


def test_who_comes_second_is_told_and_keeps_the_make_up(session: Session) -> None:
    mila = story(session)
    bell = mila.world.family("Bell", "Ida")
    mila.world.enrol(bell["Ida"], mila.fridays)
    assert refused(mila) == "makeup.no_place"
    assert mila.make_up.status == MakeUpStatus.AVAILABLE


def test_an_extra_place_is_for_make_ups_and_in_the_other_mode_the_only_one(session: Session) -> None:
    mila = story(session, capacity=1)
    extra = mila.world.course("Extra", mila.programme, weekday=5, capacity=1, extra_make_up_places=1)
    only = mila.world.course(
        "Only", mila.programme, weekday=6, capacity=5, extra_make_up_places=1, extra_places_only=True
    )
    full = mila.world.family("Bell", "Ida")
    mila.world.enrol(full["Ida"], extra)
    of = col(Booking.id) == make_up_choices.asked_for(session, mila.nora, mila.id, NOW).make_up.booking_id
    free = {one.fact.title: one.fact.target.free for one in make_up_choices.judged(session, NOW, of)}
    assert free.keys() == {"Little Waves 2", "Fridays", "Extra", "Only"}
    assert (free["Fridays"], free["Extra"], free["Only"]) == (1, 1, 1)
    sunday = mila.world.session_on(only, date(2026, 3, 22))
    mila.books(public_id(mila.world, ClassSession, sunday))
    held = session.get_one(ClassSession, sunday)
    session.refresh(held)
    assert (held.taken, held.make_ups_taken) == (0, 1)
    attendance.cancel(session, mila.nora, mila.make_up.booked_as_id or 0, NOW)
    session.refresh(held)
    assert (held.taken, held.make_ups_taken) == (0, 0)


def test_the_provider_may_change_the_extra_places_but_not_below_what_is_taken(session: Session) -> None:
    mila = story(session, capacity=0)
    timetable.change_make_up_places(session, SYSTEM, mila.fridays, 1, None, NOW)
    mila.books()
    with pytest.raises(timetable.PlacesTaken), session.begin_nested():
        timetable.change_make_up_places(session, SYSTEM, mila.fridays, 0, None, NOW)


def test_it_is_too_late_two_hours_before_the_start_and_a_programme_may_say_otherwise(
    session: Session,
) -> None:
    mila = story(session)
    starts = session.get_one(ClassSession, mila.world.session_on(mila.fridays, FRIDAY)).starts_at
    limit = starts - timedelta(hours=2)
    assert refused(mila, now=limit + SECOND) == "makeup.too_close"
    assert refused(mila, now=limit) == "makeup.too_close"
    assert mila.books(now=limit - SECOND)


def test_a_member_is_not_in_two_places_at_a_time(session: Session) -> None:
    mila = story(session)
    clash = mila.world.course("Clash", weekday=4, starts_local=time(16, 59), ends_local=time(17, 30))
    mila.world.enrol(mila.vale["Mila"], clash)
    assert refused(mila) == "makeup.busy"


def test_a_session_that_begins_as_another_ends_is_no_clash(session: Session) -> None:
    mila = story(session)
    after = mila.world.course("After", weekday=4, starts_local=time(17), ends_local=time(17, 30))
    mila.world.enrol(mila.vale["Mila"], after)
    assert mila.books()


def test_its_own_cancelled_session_is_signed_back_up_to_not_booked(session: Session) -> None:
    mila = story(session)
    earned_by = session.get_one(Attendance, mila.make_up.earned_by_id)
    own = public_id(mila.world, ClassSession, earned_by.session_id)
    assert refused(mila, own) == "makeup.given_up"


def test_ids_that_nobody_has_are_not_found(session: Session) -> None:
    mila = story(session)
    assert refused(mila, "nosuchsession") == "error.not_found"
    with pytest.raises(NotFound):
        replacing.book(session, mila.nora, "nosuchmakeup", mila.friday(), NOW)


def test_a_share_books_when_it_may_act_and_not_when_it_may_only_look(session: Session) -> None:
    mila = story(session)
    ruth = shared_with_ruth(mila.world, mila.vale, mila.booking_id)
    assert refused(mila, actor=ruth) == "sharing.view_only"
    session.execute(update(Share).values(can_act=True))
    assert mila.books(actor=ruth)


def test_a_make_up_outlives_its_booking_and_what_it_is_booked_for_can_still_be_cancelled(
    session: Session,
) -> None:
    mila = story(session, make_up_expiry=MakeUpExpiry.CARRY_OVER, make_up_carry_over=1)
    after = NOW + (date(2026, 4, 24) - TODAY)
    next_term = mila.world.course("Summer", mila.programme, starts_on=date(2026, 5, 1), capacity=1, weekday=4)
    make_up_expiry.expire(session, SYSTEM, after)
    session.execute(update(Booking).values(status=BookingStatus.COMPLETED))
    first = public_id(mila.world, ClassSession, mila.world.session_on(next_term, date(2026, 5, 1)))
    mila.books(first, now=after)
    session.info.pop("scene", None)
    coming = sessions.read(session, mila.nora, after, {})
    assert "Summer" in str(coming)
    attendance.cancel(session, mila.nora, mila.make_up.booked_as_id or 0, after)
    assert mila.make_up.status == MakeUpStatus.AVAILABLE
