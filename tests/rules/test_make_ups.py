from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.models.benefits import MakeUpStatus
from portal.rules.ages import Ages
from portal.rules.conditions import first_unmet
from portal.rules.make_ups import Right, Target, Terms, can_attend, can_use, closes_at
from tests.support.conditions import told

ZONE = ZoneInfo("Europe/Bratislava")
SECOND = timedelta(seconds=1)
STARTS = datetime(2026, 3, 21, 9, tzinfo=UTC)
DAY = date(2026, 3, 21)
LONG_BEFORE = STARTS - timedelta(days=9)
TERMS = Terms(closes_hours=2, window_days=None, new_course_days=None)
SESSION = Target(
    name="Mila",
    birth_date=date(2021, 5, 2),
    scheduled=True,
    starts_at=STARTS,
    day=DAY,
    suits=True,
    ages=Ages(),
    there=False,
    given_up=False,
    busy=False,
    course_starts_on=date(2026, 1, 3),
    free=1,
    terms=TERMS,
)
RIGHT = Right(MakeUpStatus.AVAILABLE, DAY, may_act=True)


def why_not(target: Target, now: datetime = LONG_BEFORE) -> str:
    """The key of what is wanting; empty when it can be booked."""
    return told(can_attend(target, now, ZONE))


def midnight_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def test_a_session_with_a_place_that_suits_can_be_booked() -> None:
    assert why_not(SESSION) == ""


@pytest.mark.parametrize(
    ("differs", "key"),
    [
        ({"suits": False}, "makeup.other_programme"),
        ({"scheduled": False}, "makeup.called_off"),
        ({"there": True}, "makeup.already_there"),
        ({"given_up": True}, "makeup.given_up"),
        ({"busy": True}, "makeup.busy"),
        ({"free": 0}, "makeup.no_place"),
        ({"free": -1}, "makeup.no_place"),
    ],
)
def test_each_thing_that_is_wanting_has_its_own_reason(differs: dict[str, object], key: str) -> None:
    assert why_not(replace(SESSION, **differs)) == key  # type: ignore[arg-type]


def test_it_closes_so_many_hours_before_the_start() -> None:
    limit = closes_at(SESSION)

    assert limit == STARTS - timedelta(hours=2)
    assert why_not(SESSION, limit - SECOND) == ""
    assert why_not(SESSION, limit) == "makeup.too_close"
    assert why_not(SESSION, limit + SECOND) == "makeup.too_close"


def test_without_a_limit_it_closes_when_it_starts() -> None:
    at_the_start = replace(SESSION, terms=replace(TERMS, closes_hours=0))

    assert why_not(at_the_start, STARTS - SECOND) == ""
    assert why_not(at_the_start, STARTS) == "makeup.started"
    assert why_not(at_the_start, STARTS + SECOND) == "makeup.started"


@pytest.mark.parametrize("days", [0, 1, 14])
def test_the_window_opens_at_midnight_so_many_days_before(days: int) -> None:
    windowed = replace(SESSION, terms=replace(TERMS, window_days=days))
    opens = midnight_of(DAY - timedelta(days=days))

    assert why_not(windowed, opens - SECOND) == "makeup.too_far"
    assert why_not(windowed, opens) == ""
    assert why_not(windowed, opens + SECOND) == ""
    unmet = first_unmet(can_attend(windowed, opens - SECOND, ZONE))
    assert unmet is not None
    assert unmet.holds_from == opens


def test_the_window_opens_at_local_midnight_when_the_clocks_change() -> None:
    day = date(2026, 3, 30)
    starts = datetime(2026, 3, 30, 8, tzinfo=UTC)
    windowed = replace(SESSION, starts_at=starts, day=day, terms=replace(TERMS, window_days=1))
    opens = datetime(2026, 3, 28, 23, tzinfo=UTC)

    assert why_not(windowed, opens - SECOND) == "makeup.too_far"
    assert why_not(windowed, opens) == ""


def test_a_course_that_has_not_begun_counts_when_the_provider_says_so() -> None:
    new = replace(SESSION, course_starts_on=date(2026, 3, 19))
    assert why_not(new) == ""

    for days in (0, 3):
        counted = replace(new, terms=replace(TERMS, new_course_days=days))
        from_then = midnight_of(date(2026, 3, 19) - timedelta(days=days))
        assert why_not(counted, from_then - SECOND) == "makeup.course_not_begun"
        assert why_not(counted, from_then) == ""
        assert why_not(counted, from_then + SECOND) == ""


def test_the_age_is_that_of_the_day() -> None:
    born = date(2021, 3, 21)
    five = replace(SESSION, birth_date=born, ages=Ages(60, 60))

    assert why_not(five) == ""
    assert why_not(replace(five, birth_date=born + timedelta(days=1))) == "makeup.too_young"
    assert why_not(replace(five, birth_date=date(2021, 2, 22))) == ""
    assert why_not(replace(five, birth_date=date(2021, 2, 21))) == "makeup.too_old"
    assert why_not(replace(five, birth_date=None)) == ""


@pytest.mark.parametrize(
    ("status", "today", "key"),
    [
        (MakeUpStatus.AVAILABLE, DAY - timedelta(days=1), ""),
        (MakeUpStatus.AVAILABLE, DAY, ""),
        (MakeUpStatus.AVAILABLE, DAY + timedelta(days=1), "makeup.expired"),
        (MakeUpStatus.EXPIRED, DAY, "makeup.expired"),
        (MakeUpStatus.BOOKED, DAY, "makeup.not_available"),
        (MakeUpStatus.USED, DAY, "makeup.not_available"),
        (MakeUpStatus.TAKEN_BACK, DAY, "makeup.not_available"),
    ],
)
def test_a_make_up_can_be_booked_until_the_end_of_its_last_day(
    status: MakeUpStatus, today: date, key: str
) -> None:
    assert told(can_use(replace(RIGHT, status=status), today)) == key


def test_who_may_only_look_books_nothing() -> None:
    assert told(can_use(replace(RIGHT, may_act=False), DAY)) == "sharing.view_only"


def test_everything_that_is_wanting_is_told_apart() -> None:
    def wanting(target: Target) -> set[str]:
        return {one.message_key for one in can_attend(target, LONG_BEFORE, ZONE) if not one.held}

    full = replace(SESSION, free=0)
    assert wanting(full) == {"makeup.no_place"}
    assert wanting(SESSION) == set()
    assert wanting(replace(full, busy=True)) == {"makeup.no_place", "makeup.busy"}
