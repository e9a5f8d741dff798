"""Every cut-off at the edges of the calendar, in five zones, against an oracle that only ever counts minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.models.provider import NoticeKind
from portal.rules import quiet, reminders, sharing, trials
from portal.rules.cancellation import deadline
from portal.words import midnight
from tests.rules.test_attending import GOING, POLICY, SECOND
from tests.support.clocks import EDGES, ZONES, oracle

DAY = timedelta(days=1)
DAY_BEFORE = replace(POLICY, kind=NoticeKind.DAY_BEFORE_AT)
pytestmark = pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=str)
on_each_edge = pytest.mark.parametrize("day", EDGES, ids=str)


def is_the_last_instant_in_time(limit: datetime) -> bool:
    """In time until the limit and at it, late a second after."""
    asked = replace(GOING, limit=limit, starts_at=limit + DAY)
    return [asked.is_late(limit + change) for change in (-SECOND, timedelta(), SECOND)] == [
        False,
        False,
        True,
    ]


@on_each_edge
@pytest.mark.parametrize("hour", [0, 2, 18])
def test_an_hour_of_the_day_before_is_that_hour_of_the_wall_clock(
    day: date, zone: ZoneInfo, hour: int
) -> None:
    limit = deadline(replace(DAY_BEFORE, at_hour=hour), oracle(day + DAY, time(10), zone), zone, ())

    assert limit == oracle(day, time(hour), zone)
    assert limit.tzinfo is UTC
    assert is_the_last_instant_in_time(limit)


@on_each_edge
def test_hours_before_the_start_are_hours_that_pass(day: date, zone: ZoneInfo) -> None:
    starts = oracle(day, time(9, 30), zone)

    assert starts.timestamp() - deadline(POLICY, starts, zone, ()).timestamp() == POLICY.hours * 3600


@on_each_edge
@pytest.mark.parametrize("kind", [NoticeKind.DAY_BEFORE_AT, NoticeKind.HOURS_BEFORE])
def test_a_limit_on_a_day_off_is_the_same_hour_of_the_last_working_day(
    day: date, zone: ZoneInfo, kind: NoticeKind
) -> None:
    policy = replace(POLICY, kind=kind, hours=16, at_hour=18, skips_days_off=True)
    starts = oracle(day + DAY, time(10), zone)
    off = {day, day - DAY}

    limit = deadline(policy, starts, zone, off)

    last = day - DAY
    while last in off or last.weekday() in (5, 6):
        last -= DAY
    plain = deadline(replace(policy, skips_days_off=False), starts, zone, off).astimezone(zone)
    assert limit == oracle(last, plain.time(), zone)


@on_each_edge
def test_a_day_begins_and_a_share_ends_at_its_first_instant(day: date, zone: ZoneInfo) -> None:
    assert midnight(day, zone) == oracle(day, time(0), zone)
    ends = sharing.ends_at(day, zone)
    assert ends == oracle(day + DAY, time(0), zone)
    assert sharing.last_day(ends, zone) == day


@on_each_edge
def test_an_offer_ends_at_the_same_minute_of_the_clock_days_later(day: date, zone: ZoneInfo) -> None:
    made = oracle(day - 3 * DAY, time(17, 45), zone)

    assert trials.lasts_until(made, 3, zone) == oracle(day, time(17, 45), zone)


@on_each_edge
def test_the_afternoon_before_and_the_morning_are_hours_of_the_wall_clock(day: date, zone: ZoneInfo) -> None:
    begins, _ = reminders.session_window(oracle(day + DAY, time(10), zone), zone)
    assert begins == oracle(day, reminders.DAY_BEFORE_FROM, zone)

    assert quiet.not_before(oracle(day, time(0, 5), zone), zone, 21, 8) == oracle(day, time(8), zone)
    assert quiet.not_before(oracle(day - DAY, time(21), zone), zone, 21, 8) == oracle(day, time(8), zone)
