from datetime import UTC, date, datetime, timedelta

import pytest

from portal import words
from tests.factories import NOW, TODAY

BRATISLAVA = words.calendar("Europe/Bratislava")
AUCKLAND = words.calendar("Pacific/Auckland")


@pytest.mark.parametrize(("count", "said"), [(0, "no"), (1, "one"), (10, "ten"), (11, "11"), (-1, "-1")])
def test_small_numbers_are_words(count: int, said: str) -> None:
    assert words.number(count) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions"), (21, "21 sessions")]
)
def test_one_is_not_many(count: int, said: str) -> None:
    assert words.counted(count, "session", "sessions") == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (101, "101st"),
        (111, "111th"),
        (112, "112th"),
        (123, "123rd"),
    ],
)
def test_an_ordinal_ends_as_it_is_said(count: int, said: str) -> None:
    assert words.ordinal(count) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Mila"], "Mila"),
        (["Mila", "Theo"], "Mila and Theo"),
        (["Mila", "Theo", "Juno"], "Mila, Theo and Juno"),
    ],
)
def test_names_are_listed_as_they_are_said(names: list[str], said: str) -> None:
    assert words.listed(names) == said


def test_a_sentence_begins_large_and_keeps_the_rest() -> None:
    assert [words.sentence(text) for text in ("", "no NASA talk", "čaj")] == ["", "No NASA talk", "Čaj"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (timedelta(seconds=1), "1 min"),
        (timedelta(seconds=61), "2 min"),
        (timedelta(minutes=59, seconds=1), "1 h"),
        (timedelta(hours=2, minutes=20), "2 h 20 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=3, hours=23), "3 days"),
    ],
)
def test_a_countdown_never_says_nothing_is_left_before_the_start(until: timedelta, said: str) -> None:
    assert words.countdown(until) == said


def test_an_instant_is_told_on_the_providers_wall_clock() -> None:
    assert (BRATISLAVA.time(NOW), BRATISLAVA.day(NOW)) == ("14:10", TODAY)
    assert (AUCKLAND.time(NOW), AUCKLAND.day(NOW)) == ("02:10", TODAY + timedelta(days=1))
    assert BRATISLAVA.span(NOW, NOW + timedelta(hours=1)) == "14:10 to 15:10"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30"),
    ],
)
def test_summer_time_comes_and_goes_as_on_the_wall(at: datetime, said: str) -> None:
    assert BRATISLAVA.time(at) == said


def test_the_year_is_said_when_it_is_another() -> None:
    assert BRATISLAVA.date(TODAY, TODAY) == "12 March"
    assert BRATISLAVA.date(date(2025, 12, 5), TODAY) == "5 December 2025"
    assert BRATISLAVA.short_date(date(2027, 1, 1), TODAY) == "Fri 1 January 2027"
    assert BRATISLAVA.month_and_year(TODAY) == "March 2026"
    assert BRATISLAVA.long_date(TODAY) == "Thursday 12 March"
    assert BRATISLAVA.full_date(TODAY) == "12 March 2026"


@pytest.mark.parametrize(
    ("apart", "said"), [(-1, "Yesterday"), (0, "Today"), (1, "Tomorrow"), (2, "Saturday"), (-2, "Tuesday")]
)
def test_a_near_day_has_a_name(apart: int, said: str) -> None:
    assert BRATISLAVA.near_day(TODAY + timedelta(days=apart), TODAY) == said


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=4), "18:10 today"),
        (timedelta(days=1), "14:10 tomorrow"),
        (timedelta(days=4), "Mon 14:10"),
        (timedelta(days=6), "Wed 14:10"),
        (timedelta(days=7), "Thu 19 March, 14:10"),
        (timedelta(days=-1), "Wed 11 March, 14:10"),
    ],
)
def test_a_moment_is_told_the_shorter_the_nearer(later: timedelta, said: str) -> None:
    assert BRATISLAVA.moment(NOW + later, NOW) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (3, "Good evening"),
        (4, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (17, "Good afternoon"),
        (18, "Good evening"),
        (23, "Good evening"),
    ],
)
def test_the_greeting_follows_the_providers_day(hour: int, said: str) -> None:
    assert BRATISLAVA.greeting(datetime(2026, 3, 12, hour, tzinfo=BRATISLAVA.zone)) == said


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_own_midnight(day: date, begins: datetime) -> None:
    assert words.midnight(day, BRATISLAVA.zone) == begins


def test_days_between_are_counted() -> None:
    assert words.days_apart(TODAY, TODAY + timedelta(days=1)) == "1 day"
    assert words.days_apart(TODAY, TODAY + timedelta(days=6)) == "6 days"
