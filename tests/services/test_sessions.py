"""The sessions page: what is coming by day, and what became of what was."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.actor import SYSTEM
from portal.models.bookings import Share
from portal.rows.calendar import Pip
from portal.rows.sessions import SessionsView
from portal.services import attendance, catalogue, sessions
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.agendas import LAST_WEEK, LONG_AGO, page
from tests.support.queries import counted_queries
from tests.support.stories import shared_with_ruth


def test_what_is_coming_is_grouped_by_day(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.enrol(vale["Mila"], world.course("Little Waves 2", starts_on=TODAY))
    world.enrol(
        vale["Theo"], world.course("Spanish Starters", weekday=4, starts_local=time(17), ends_local=time(18))
    )
    days = page(world, vale.guardian).days[:4]
    assert [(day.name, day.date, [f"{slot.starts} {slot.title}" for slot in day.slots]) for day in days] == [
        ("Today", "Thu 12 March", ["16:30 Little Waves 2"]),
        ("Tomorrow", "Fri 13 March", ["17:00 Spanish Starters"]),
        ("Thursday", "19 March", ["16:30 Little Waves 2"]),
        ("Friday", "20 March", ["17:00 Spanish Starters"]),
    ]


def test_place_and_instructor_stand_beside_the_member(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    ines = catalogue.add_instructor(world.db, SYSTEM, "Ines Marlow", "Ines")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, instructor_id=ines, room="lane 2"))
    name, place = page(world, vale.guardian).days[0].slots[0].meta
    assert name == "Mila"
    assert place.endswith(", lane 2, with Ines")


def test_a_session_keeps_its_hour_when_the_clocks_change(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(weekday=6, starts_on=TODAY, ends_on=date(2026, 4, 12)))
    days = page(world, vale.guardian).days
    assert {slot.starts for day in days for slot in day.slots} == {"16:30"}
    assert [day.date for day in days] == ["15 March", "22 March", "29 March", "5 April", "12 April"]


def test_a_session_late_in_the_evening_stands_on_the_providers_day(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    late: dict[str, Any] = {"starts_local": time(0, 15), "ends_local": time(0, 45)}
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, weekday=4, **late))
    view = page(world, vale.guardian)
    assert view.days[0].id == "day-2026-03-13"
    assert _names(_day(view, "13")) == ["Mila"]


def test_a_running_session_is_still_coming_until_it_ends(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY))
    ends = datetime(2026, 3, 12, 16, tzinfo=UTC)
    running = page(world, vale.guardian, ends - timedelta(minutes=1)).days[0].slots[0]
    assert "On now" in [chip.word for chip in running.chips]
    assert page(world, vale.guardian, ends).days[0].date == "19 March"


def test_a_cancelled_session_stays_in_the_agenda_and_says_who_cancelled(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    course = world.course(starts_on=TODAY)
    booked = world.enrol(vale["Mila"], course)
    attendance.cancel(world.db, vale.guardian, booked.on(TODAY + timedelta(days=7)).attendance_id, NOW)
    attendance.call_off(
        world.db, SYSTEM, world.session_on(course, TODAY + timedelta(days=14)), "Pool closed", NOW
    )
    slots = [day.slots[0] for day in page(world, vale.guardian).days[1:3]]
    assert [(slot.struck, slot.chips[0].word, slot.note) for slot in slots] == [
        (True, "You cancelled", "8 places free, until Thu 19 March, 16:30"),
        (True, "Cancelled by Otterbrook", "Pool closed"),
    ]


def test_a_cancelled_booking_has_nothing_coming_up(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY))
    world.db.connection().exec_driver_sql("update booking set status = 'cancelled'")
    view = page(world, vale.guardian)
    assert not view.days
    assert not _pips(view)


def test_each_choice_without_sessions_is_told_so(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.enrol(vale["Mila"], world.course())
    assert [one.title for one in page(world, vale.guardian).nothing] == ["Theo has nothing coming up"]


def test_a_family_without_bookings_is_told_so(world: Otterbrook) -> None:
    nothing = page(world, world.family("Vale", "Mila").guardian).nothing
    assert [one.title for one in nothing] == ["Nothing is coming up", "Mila has nothing coming up"]


def test_the_livestream_is_a_link_before_it_opens_and_a_button_then(world: Otterbrook) -> None:
    vale = world.family("Vale", "Theo")
    world.enrol(vale["Theo"], world.course(livestream_url="https://meet.example/a", starts_on=TODAY))
    opens = datetime(2026, 3, 12, 15, 15, tzinfo=UTC)
    before = page(world, vale.guardian, opens - timedelta(seconds=1)).days[0].slots[0]
    then = page(world, vale.guardian, opens).days[0].slots[0]
    assert (before.join.href, before.join.label) == ("https://meet.example/a", "Livestream link")
    assert then.join.label == "Join livestream"
    assert (before.join_now, then.join_now) == (False, True)


def test_a_livestream_address_that_is_not_a_web_page_is_not_a_link(world: Otterbrook) -> None:
    vale = world.family("Vale", "Theo")
    world.enrol(vale["Theo"], world.course(livestream_url="javascript:alert(1)", starts_on=TODAY))
    assert page(world, vale.guardian).days[0].slots[0].join.href == ""


def test_the_week_strip_runs_from_monday_to_sunday_with_both(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    world.enrol(vale["Juno"], world.course(weekday=6, starts_on=TODAY))
    week = page(world, vale.guardian).week.days
    assert [day.number for day in week] == ["9", "10", "11", "12", "13", "14", "15"]
    assert (week[6].href, _names(week[6].pips)) == ("#day-2026-03-15", ["Juno"])
    assert week[3].today


def test_the_month_has_a_shape_for_each_member_who_is_expected(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    course = world.course(starts_on=LAST_WEEK)
    world.enrol(vale["Mila"], course, LONG_AGO)
    booked = world.enrol(vale["Theo"], course, LONG_AGO)
    attendance.cancel(world.db, vale.guardian, booked.on(TODAY + timedelta(days=7)).attendance_id, NOW)
    view = page(world, vale.guardian)
    assert view.month.name == "March 2026"
    assert _names(_day(view, "5")) == ["Mila", "Theo"]
    assert _names(_day(view, "19")) == ["Mila"]


def test_another_month_is_turned_to_without_losing_this_weeks_strip(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY))
    view = page(world, vale.guardian, month="2026-04")
    assert view.month.name == "April 2026"
    assert (view.earlier.href, view.later.label) == ("/sessions?month=2026-03", "Later month, May 2026")
    assert _names(view.week.days[3].pips) == ["Mila"]


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "9999-12", "0001-01", "../../x", "2026-4-"])
def test_a_month_nobody_understands_is_this_one(world: Otterbrook, month: str) -> None:
    assert page(world, world.family("Vale", "Mila").guardian, month=month).month.name == "March 2026"


def test_more_is_shown_only_while_there_is_more(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, ends_on=TODAY + timedelta(weeks=sessions.PAGE)))
    first = page(world, vale.guardian)
    assert (len(first.days), first.more.href) == (sessions.PAGE, "/sessions?show=48")
    everything = page(world, vale.guardian, show="48")
    assert (len(everything.days), everything.more.href) == (sessions.PAGE + 1, "")


@pytest.mark.parametrize("show", ["-1", "1", "x", "", "999999999", "²"])
def test_an_address_that_asks_for_a_strange_number_of_rows_gets_the_first_page(show: str) -> None:
    assert sessions.asked({"show": show}).show == sessions.PAGE


def test_an_address_cannot_ask_for_everything_at_once() -> None:
    assert sessions.asked({"show": "99999"}).show == sessions.MOST


@pytest.mark.parametrize("tab", ["", "past"])
def test_one_familys_sessions_are_never_shown_to_another(world: Otterbrook, tab: str) -> None:
    vale, moreau = world.family("Vale", "Mila"), world.family("Moreau", "Lea")
    world.enrol(vale["Mila"], world.course(starts_on=LAST_WEEK), LONG_AGO)
    view = page(world, moreau.guardian, tab=tab)
    assert not view.days
    assert not view.months
    assert not _pips(view)


def test_a_share_shows_the_sessions_of_its_booking_alone_and_no_money(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    course = world.course(starts_on=LAST_WEEK)
    booked = world.enrol(vale["Mila"], course, LONG_AGO)
    world.enrol(vale["Theo"], course, LONG_AGO)
    world.enrol(vale["Mila"], world.course("Her other class", weekday=5, starts_on=LAST_WEEK), LONG_AGO)
    called_off = booked.on(LAST_WEEK).session_id
    attendance.call_off(world.db, SYSTEM, called_off, "Pool closed", LONG_AGO, credit_minor=1200)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    coming = [slot for day in page(world, ruth).days for slot in day.slots]
    past = [row for month in page(world, ruth, tab="past").months for row in month.rows]
    assert {(slot.meta[0], slot.title) for slot in coming} == {("Mila", "Little Waves 2")}
    assert len(_day(page(world, ruth), "14")) == 0
    assert page(world, ruth, tab="past").filters[0].kinds[1].count == "1"
    assert [(row.meta[0], row.note) for row in past] == [("Mila", "Pool closed")]


def test_the_policy_is_told_in_the_words_of_its_rule(world: Otterbrook) -> None:
    policy = page(world, world.family("Vale", "Mila").guardian).policy
    assert (
        policy == "Tell us at least 12 hours before and you get a make-up, as long as the class offers them."
    )


def test_who_may_only_look_is_not_told_until_when_to_cancel(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=LAST_WEEK), LONG_AGO)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    assert (page(world, ruth).policy, page(world, ruth, tab="past").policy) == ("", "")

    world.db.execute(update(Share).values(can_act=True))
    assert page(world, ruth).policy.startswith("Tell us at least 12 hours before")


@pytest.mark.parametrize("tab", ["", "past"])
def test_the_number_of_queries_does_not_grow_with_the_family(world: Otterbrook, tab: str) -> None:
    small, large = world.family("Small", "Ada"), world.family("Large", *"ABCDEF")
    world.enrol(small["Ada"], world.course(starts_on=LAST_WEEK), LONG_AGO)
    for _ in range(4):
        course = world.course(starts_on=LAST_WEEK)
        for member_id in large.members.values():
            world.enrol(member_id, course, LONG_AGO)
    for home in (small, large):
        with counted_queries() as sent:
            page(world, home.guardian, tab=tab)
        assert len(sent) == 4


def _day(view: SessionsView, number: str) -> tuple[Pip, ...]:
    return next(day.pips for week in view.month.weeks for day in week.days if day.number == number)


def _pips(view: SessionsView) -> list[Pip]:
    weeks = (*view.month.weeks, view.week)
    return [pip for week in weeks for day in week.days for pip in day.pips]


def _names(pips: tuple[Pip, ...]) -> list[str]:
    return [pip.name for pip in pips]
