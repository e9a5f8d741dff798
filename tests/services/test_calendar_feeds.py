from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.models.bookings import Attendance, Booking
from portal.models.classes import ClassSession, Course
from portal.services import attendance, calendar_reading, provider
from tests.factories import NOW
from tests.support.feeds import URL, Calendars
from tests.support.queries import counted_queries
from tests.support.strict_calendar import events, read


def test_the_familys_link_tells_every_session_and_a_childs_only_theirs(calendars: Calendars) -> None:
    everyone = calendars.told(calendars.token(calendars.made()))
    mila = calendars.told(calendars.token(calendars.made(calendars.of_member("Mila"))))

    assert set(everyone.values()) == {"CONFIRMED Mila: Little Waves 2", "CONFIRMED Theo: Ballet"}
    assert set(mila.values()) == {"CONFIRMED Mila: Little Waves 2"}
    assert len(mila) == len(calendars.mila.sessions)


def test_what_was_is_told_for_sixty_days_and_what_comes_however_far_away(calendars: Calendars) -> None:
    token, last = calendars.token(calendars.made()), calendars.mila.sessions[-1]
    ends = calendars.world.db.get_one(ClassSession, last.session_id).ends_at
    day = f"{last.starts_at:%Y-%m-%d}"
    kept, second = timedelta(days=60), timedelta(seconds=1)

    assert day in calendars.told(token, NOW - timedelta(days=700))
    assert day in calendars.told(token, ends + kept - second)
    assert day not in calendars.told(token, ends + kept)


def test_a_cancelled_session_is_told_as_cancelled_with_a_higher_number_and_comes_back(
    calendars: Calendars,
) -> None:
    token, coming = calendars.token(calendars.made()), calendars.mila.sessions[2]
    uid_before, before = _numbered(calendars, token, coming.starts_at)
    attendance.cancel(
        calendars.world.db, calendars.family.guardian, coming.attendance_id, NOW + timedelta(hours=1)
    )
    uid_after, after = _numbered(calendars, token, coming.starts_at)

    assert (
        calendars.told(token)[f"{coming.starts_at:%Y-%m-%d}"] == "CANCELLED Cancelled: Mila: Little Waves 2"
    )
    assert uid_after == uid_before
    assert after > before


def test_a_session_the_provider_moves_keeps_its_name_and_counts_up(calendars: Calendars) -> None:
    token, coming = calendars.token(calendars.made()), calendars.mila.sessions[2]
    uid_before, before = _numbered(calendars, token, coming.starts_at)
    later = coming.starts_at + timedelta(hours=1)
    moved = update(ClassSession).where(col(ClassSession.id) == coming.session_id)
    calendars.world.db.execute(
        moved.values(
            starts_at=later, ends_at=later + timedelta(minutes=30), sequence=ClassSession.sequence + 1
        )
    )
    calendars.world.db.expire_all()
    uid_after, after = _numbered(calendars, token, later)

    assert (uid_after, after) == (uid_before, before + 1)


def test_a_session_the_provider_calls_off_is_told_as_cancelled(calendars: Calendars) -> None:
    coming = calendars.mila.sessions[2]
    attendance.call_off(calendars.world.db, SYSTEM, coming.session_id, "Pool closed", NOW)
    told = calendars.told(calendars.token(calendars.made()))
    assert told[f"{coming.starts_at:%Y-%m-%d}"].startswith("CANCELLED")


def _numbered(calendars: Calendars, token: str, starts_at: datetime) -> tuple[str, int]:
    found = events(read(calendar_reading.read(calendars.world.db, token, URL, NOW).body))
    (one,) = (one for one in found if one.dtstart.value.astimezone(UTC) == starts_at)
    return one.uid.value, int(one.sequence.value)


def test_it_says_where_with_whom_and_how_to_join(calendars: Calendars) -> None:
    coming = calendars.mila.sessions[2]
    stream = update(ClassSession).where(col(ClassSession.id) == coming.session_id)
    calendars.world.db.execute(stream.values(livestream_url="https://video.example/mila", room="lane 2"))
    calendars.world.db.expire_all()
    token = calendars.token(calendars.made())
    found = events(read(calendar_reading.read(calendars.world.db, token, URL, NOW).body))
    (one,) = (one for one in found if one.dtstart.value.astimezone(UTC) == coming.starts_at)

    assert one.location.value.endswith(", lane 2, 4 Quay Street")
    assert "Livestream: https://video.example/mila" in one.description.value
    booking = calendars.world.db.get_one(Booking, calendars.mila.booking_id).public_id
    assert one.url.value == f"{URL}/bookings/{booking}"
    provider.save(calendars.world.db, SYSTEM, {"livestream": False}, NOW)
    calendars.world.db.info.clear()
    assert b"video.example" not in calendar_reading.read(calendars.world.db, token, URL, NOW).body


def test_each_course_is_told_in_its_own_zone(calendars: Calendars) -> None:
    elsewhere = update(Course).where(col(Course.name) == "Ballet").values(timezone="America/New_York")
    calendars.world.db.execute(elsewhere)
    calendars.world.db.expire_all()
    body = calendar_reading.read(calendars.world.db, calendars.token(calendars.made()), URL, NOW).body
    assert body.count(b"BEGIN:VTIMEZONE") == 2
    zones = {str(one.dtstart.value.tzinfo) for one in events(read(body))}
    assert len(zones) == 2


def test_its_mark_and_time_change_with_what_it_says_and_with_nothing_else(calendars: Calendars) -> None:
    token, later = calendars.token(calendars.made()), NOW + timedelta(minutes=5)
    first = calendar_reading.read(calendars.world.db, token, URL, NOW)
    calendar_reading.remember(calendars.world.db, first)
    calendars.world.db.expire_all()
    second = calendar_reading.read(calendars.world.db, token, URL, later)
    attendance.cancel(
        calendars.world.db, calendars.family.guardian, calendars.mila.sessions[2].attendance_id, later
    )
    calendars.world.db.info.clear()
    third = calendar_reading.read(calendars.world.db, token, URL, later)

    assert (first.is_new, second.is_new, third.is_new) == (True, False, True)
    assert (second.mark, second.since) == (first.mark, NOW)
    assert third.mark != first.mark
    assert third.since == later


def test_one_session_is_a_file_for_whoever_sees_it(calendars: Calendars) -> None:
    moreau = calendars.world.family("Moreau", "Lea").guardian
    attended = calendars.world.db.get_one(Attendance, calendars.mila.sessions[2].attendance_id).public_id
    body = calendar_reading.one_session(calendars.world.db, calendars.family.guardian, attended, URL, NOW)
    (event,) = events(read(body))
    assert event.summary.value == "Mila: Little Waves 2"
    for who, asked in ((moreau, attended), (calendars.family.guardian, "nothing")):
        with pytest.raises(NotFound):
            calendar_reading.one_session(calendars.world.db, who, asked, URL, NOW)


def test_a_calendar_costs_as_many_queries_with_many_sessions(calendars: Calendars) -> None:
    token = calendars.token(calendars.made())
    counts = []
    for _ in range(2):
        calendars.world.db.info.clear()
        with counted_queries() as sent:
            calendar_reading.read(calendars.world.db, token, URL, NOW)
        counts.append(len(sent))
        calendars.world.enrol(calendars.family["Mila"], calendars.world.course("More", weekday=1))
    assert counts == [3, 3]
