import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.calendar_file import Entry, Subscription, feed, to_keep
from tests.support.strict_calendar import events, read

MADE = datetime(2026, 1, 5, 8, tzinfo=UTC)
SESSION = Entry(
    uid="mila-12-march@family-portal",
    sequence=3,
    revised_at=MADE,
    starts_at=datetime(2026, 3, 12, 15, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 12, 16, tzinfo=UTC),
    zone="Europe/Bratislava",
    summary="Mila: Little Waves 2",
)
OTTERBROOK = Subscription("Otterbrook: Mila", "Europe/Bratislava", MADE)
ZONES = ("Europe/Bratislava", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca")
"""Both hemispheres, half an hour of summer time, none, and a winter time that is the exception."""


def only(body: bytes) -> Any:
    (event,) = events(read(body))
    return event


def changes(zone: str, first: int = 2026, last: int = 2028) -> Iterator[datetime]:
    """The hours in which the clocks of the zone change, found by looking at every hour."""
    at = datetime(first, 1, 1, tzinfo=UTC)
    while at.year < last:
        following = at + timedelta(hours=1)
        if at.astimezone(ZoneInfo(zone)).utcoffset() != following.astimezone(ZoneInfo(zone)).utcoffset():
            yield at
        at = following


def test_a_session_says_when_where_and_what() -> None:
    told = replace(
        SESSION,
        location="Harbour Pool, lane 2",
        description="With Ines Marlow\nBring a cap; and a towel",
        url="https://portal.example/bookings/abc",
        livestream="https://video.example/x?a=1,2;b",
    )
    body = feed([told], OTTERBROOK)
    event = only(body)

    assert event.summary.value == "Mila: Little Waves 2"
    assert event.location.value == "Harbour Pool, lane 2"
    assert event.description.value == "With Ines Marlow\nBring a cap; and a towel"
    assert event.url.value == "https://portal.example/bookings/abc"
    assert b"VALUE=URI:https://video.example/x?a=1,2;b\r\n" in body.replace(b"\r\n ", b"")
    assert (event.status.value, event.transp.value, event.sequence.value) == ("CONFIRMED", "OPAQUE", "3")
    assert event.uid.value == "mila-12-march@family-portal"


def test_a_cancelled_session_stays_in_it_as_cancelled_and_rings_no_more() -> None:
    reminding = replace(OTTERBROOK, alarm=timedelta(hours=2))
    event = only(feed([replace(SESSION, cancelled=True)], reminding))

    assert (event.status.value, event.transp.value) == ("CANCELLED", "TRANSPARENT")
    assert "valarm" not in event.contents


def test_a_session_that_is_not_confirmed_is_tentative() -> None:
    assert only(feed([replace(SESSION, tentative=True)], OTTERBROOK)).status.value == "TENTATIVE"


def test_a_reminder_rings_before_the_start_only_where_it_is_asked_for() -> None:
    assert "valarm" not in only(feed([SESSION], OTTERBROOK)).contents
    alarm = only(feed([SESSION], replace(OTTERBROOK, alarm=timedelta(hours=2)))).valarm
    assert (alarm.action.value, alarm.trigger.value) == ("DISPLAY", -timedelta(hours=2))


def test_a_calendar_without_sessions_is_still_one() -> None:
    assert events(read(feed([], OTTERBROOK))) == []


def test_the_same_sessions_are_the_same_bytes() -> None:
    assert feed([SESSION], OTTERBROOK) == feed([SESSION], OTTERBROOK)
    assert feed([SESSION], OTTERBROOK) != feed([replace(SESSION, sequence=4)], OTTERBROOK)


def test_one_session_is_a_file_of_its_own() -> None:
    calendar = read(to_keep([SESSION]))
    assert calendar.method.value == "PUBLISH"
    assert len(events(calendar)) == 1


@pytest.mark.parametrize("zone", ZONES)
def test_every_session_around_a_change_of_the_clocks_is_read_at_its_instant(zone: str) -> None:
    """Read with nothing but what the file says of the zone; zoneinfo is the oracle."""
    found = list(changes(zone)) or [datetime(2026, 3, 29, tzinfo=UTC)]
    starts = [
        at + timedelta(minutes=minutes) for at in found for minutes in (*range(-120, 181, 30), -1, 1, 59, 61)
    ]
    entries = [
        replace(SESSION, uid=f"{number}@x", zone=zone, starts_at=at, ends_at=at + timedelta(minutes=45))
        for number, at in enumerate(starts)
    ]
    read_at = {event.uid.value: event for event in events(read(feed(entries, OTTERBROOK)))}
    wrong = [
        (entry.starts_at, read_at[entry.uid].dtstart.value)
        for entry in entries
        if read_at[entry.uid].dtstart.value.astimezone(UTC) != entry.starts_at
        or read_at[entry.uid].dtend.value.astimezone(UTC) != entry.ends_at
    ]
    assert wrong == []


def hours_told_wrong(body: str, zone: str) -> list[datetime]:
    """Of two years' hours on the wall, those that the file's zone and zoneinfo's take for different instants."""
    begins, ends = body.index("BEGIN:VTIMEZONE"), body.index("END:VTIMEZONE")
    told = tzical(_Lines(body[begins:ends] + "END:VTIMEZONE\r\n")).get(zone)
    oracle, wrong = ZoneInfo(zone), []
    hours = (MADE.replace(hour=0, tzinfo=None) + timedelta(hours=hour) for hour in range(-4000, 13_000))
    for at in hours:
        said, right = at.replace(tzinfo=told), at.replace(tzinfo=oracle)
        twice = right.replace(fold=1).utcoffset() != right.utcoffset()
        if not twice and said.utcoffset() != right.utcoffset():
            wrong.append(at)
    return wrong


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_in_the_file_goes_as_the_zone_itself_at_every_hour_of_two_years(zone: str) -> None:
    body = feed([replace(SESSION, zone=zone)], replace(OTTERBROOK, zone=zone)).decode()
    assert hours_told_wrong(body, zone) == []


def test_a_zone_told_an_hour_late_is_found_out() -> None:
    """The control: winter begins an hour later than it does."""
    body = feed([SESSION], OTTERBROOK).decode().replace("DTSTART:20261025T030000", "DTSTART:20261025T040000")
    assert hours_told_wrong(body, "Europe/Bratislava")


def instants_of_change(body: str) -> list[datetime]:
    """When the file says that the clocks change: DTSTART is told in the offset that ends (RFC 5545, 3.6.5)."""
    found = re.findall(r"DTSTART:(\d{8}T\d{6})\r\nTZNAME:.*\r\nTZOFFSETFROM:([+-]\d{4})", body)
    return [
        datetime.strptime(f"{onset}{offset}", "%Y%m%dT%H%M%S%z").astimezone(UTC) for onset, offset in found
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_each_change_of_the_clocks_is_told_at_its_instant(zone: str) -> None:
    body = feed([], replace(OTTERBROOK, zone=zone)).decode()
    _first, *told = instants_of_change(body)
    exact = [at + timedelta(hours=1) for at in changes(zone, 2025, 2028)]
    # The oracle looks at whole hours; a change at half past is up to half an hour before.
    assert len(told) == len(exact)
    assert all(timedelta() <= late - at < timedelta(hours=1) for at, late in zip(told, exact, strict=True))


class _Lines:
    """A file of these lines, as tzical wants one."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> str:
        """All of it."""
        return self._text


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_whatever_people_call_things_the_file_stays_one(words: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    told = replace(SESSION, summary=f"Mila: {words}", location=words, description=words)
    event = only(feed([told], replace(OTTERBROOK, name=words)))
    assert event.uid.value == SESSION.uid
