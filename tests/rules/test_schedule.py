from datetime import UTC, date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.schedule import meeting, weekly, working_days
from tests.support.clocks import EDGES, ZONES, oracle


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", EDGES, ids=str)
@pytest.mark.parametrize(
    "starts", [time(0, 5), time(1, 30), time(2), time(2, 30), time(3), time(9, 30), time(23, 30)]
)
def test_a_meeting_keeps_its_local_start_whatever_the_clocks_do(zone: str, day: date, starts: time) -> None:
    place = ZoneInfo(zone)
    held = meeting(day, starts, time(23, 59), place)
    assert held.starts_at == oracle(day, starts, place)
    assert held.starts_at.tzinfo is UTC


def test_a_weekly_class_stays_at_half_past_four_when_summer_time_begins() -> None:
    zone = ZoneInfo("Europe/Bratislava")
    winter = meeting(date(2026, 3, 26), time(16, 30), time(17), zone)
    summer = meeting(date(2026, 4, 2), time(16, 30), time(17), zone)
    assert (winter.starts_at.hour, summer.starts_at.hour) == (15, 14)
    assert summer.starts_at - winter.starts_at == timedelta(days=7) - timedelta(hours=1)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_meeting_across_a_change_of_the_clocks_keeps_its_length(day: date) -> None:
    held = meeting(day, time(1, 30), time(3, 30), ZoneInfo("Europe/Bratislava"))
    assert held.ends_at - held.starts_at == timedelta(hours=2)


def test_a_weekly_course_meets_on_its_first_and_its_last_day() -> None:
    days = weekly(date(2026, 1, 8), date(2026, 4, 23), 3)
    assert (days[0], days[-1], len(days)) == (date(2026, 1, 8), date(2026, 4, 23), 16)


def test_a_weekly_course_starts_on_the_first_such_weekday() -> None:
    assert weekly(date(2026, 3, 12), date(2026, 3, 31), 1) == [
        date(2026, 3, 17),
        date(2026, 3, 24),
        date(2026, 3, 31),
    ]


def test_days_off_are_left_out() -> None:
    days = weekly(date(2026, 3, 5), date(2026, 3, 19), 3, {date(2026, 3, 12)})
    assert days == [date(2026, 3, 5), date(2026, 3, 19)]


def test_a_course_on_a_leap_day_meets_on_it() -> None:
    assert date(2028, 2, 29) in weekly(date(2028, 2, 1), date(2028, 3, 31), 1)


def test_a_course_without_its_weekday_in_the_span_never_meets() -> None:
    assert weekly(date(2026, 3, 13), date(2026, 3, 18), 3) == []


def test_a_camp_meets_from_monday_to_friday() -> None:
    days = working_days(date(2026, 7, 4), date(2026, 7, 12), {date(2026, 7, 8)})
    assert [day.day for day in days] == [6, 7, 9, 10]
