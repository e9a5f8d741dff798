from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotFound
from portal.models.access import CalendarFeed
from portal.models.bookings import Attendance, Booking, Share
from portal.models.classes import ClassSession, Course
from portal.models.people import FamilyGuardian, Guardian, Member
from portal.services import attendance, calendar_feeds, calendar_reading, provider
from portal.services.enrolment import Booked
from tests.factories import NOW, Household, Otterbrook
from tests.support.queries import counted_queries
from tests.support.stories import shared_with_ruth
from tests.support.strict_calendar import events, read

KEY = "a-key-of-tests-0123456789-abcdefghijklmn"
URL = "https://portal.otterbrook.example"


@dataclass
class Calendars:
    """Mila's and Theo's sessions, and the links their mother makes."""

    world: Otterbrook
    family: Household
    mila: Booked
    theo: Booked

    def made(self, choice: str = "all", actor: Actor | None = None) -> str:
        """The feed's public id."""
        who = actor or self.family.guardian
        calendar_feeds.make(self.world.db, who, choice, KEY, NOW)
        (found,) = (
            one for one in calendar_feeds.sheet(self.world.db, who, NOW).rows if one.card.whose == choice
        )
        return found.card.feed

    def token(self, feed: str, actor: Actor | None = None) -> str:
        path = calendar_feeds.address(self.world.db, actor or self.family.guardian, feed, KEY)
        return path.removeprefix("/calendar/").removesuffix(".ics")

    def told(self, token: str, at: datetime = NOW) -> dict[str, str]:
        """Start to status and summary, as a strict reader finds them."""
        found = events(read(calendar_reading.read(self.world.db, token, URL, at).body))
        return {
            f"{one.dtstart.value.astimezone(UTC):%Y-%m-%d}": f"{one.status.value} {one.summary.value}"
            for one in found
        }

    def of_member(self, name: str) -> str:
        return self.world.db.get_one(Member, self.family[name]).public_id


@pytest.fixture
def calendars(world: Otterbrook) -> Calendars:
    family = world.family("Vale", "Mila", "Theo")
    waves, ballet = world.course("Little Waves 2"), world.course("Ballet", weekday=4)
    return Calendars(world, family, world.enrol(family["Mila"], waves), world.enrol(family["Theo"], ballet))


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


def test_making_it_again_is_the_same_link_and_a_new_one_ends_the_old(calendars: Calendars) -> None:
    feed = calendars.made()
    old = calendars.token(feed)
    assert calendars.made() == feed
    calendar_feeds.remind(calendars.world.db, calendars.family.guardian, feed, 120, NOW)
    calendar_feeds.renew(calendars.world.db, calendars.family.guardian, feed, KEY, NOW)
    new = calendars.token(calendars.made())

    assert new != old
    with pytest.raises(NotFound):
        calendars.told(old)
    assert b"TRIGGER:-PT2H" in calendar_reading.read(calendars.world.db, new, URL, NOW).body


def test_an_ended_link_opens_nothing(calendars: Calendars) -> None:
    feed = calendars.made()
    token = calendars.token(feed)
    calendar_feeds.revoke(calendars.world.db, calendars.family.guardian, feed, NOW)
    with pytest.raises(NotFound):
        calendars.told(token)
    with pytest.raises(NotFound):
        calendars.token(feed)


def test_the_database_holds_nothing_that_opens_a_calendar(calendars: Calendars) -> None:
    token = calendars.token(calendars.made())
    (row,) = calendars.world.db.execute(select(CalendarFeed)).scalars()
    for held in (row.public_id, row.token_hash, row.content_hash, str(row.id)):
        with pytest.raises(NotFound):
            calendars.told(held)
    assert len(token) * 4 >= 128
    assert token not in repr(row.model_dump())


def test_with_another_key_a_link_works_on_and_is_not_shown_again(calendars: Calendars) -> None:
    feed = calendars.made()
    token = calendars.token(feed)
    with pytest.raises(calendar_feeds.LinkLost):
        calendar_feeds.address(calendars.world.db, calendars.family.guardian, feed, KEY + "x")
    assert calendars.told(token)


def test_nobody_else_sees_changes_or_ends_a_link_not_even_the_other_guardian(calendars: Calendars) -> None:
    feed = calendars.made()
    other = Actor(ActorKind.GUARDIAN, guardian_id=0, family_id=calendars.family.family_id)
    moreau = calendars.world.family("Moreau", "Lea").guardian
    for who in (other, moreau):
        assert [
            row.card.feed for row in calendar_feeds.sheet(calendars.world.db, who, NOW).rows if row.card.feed
        ] == []
        with pytest.raises(NotFound):
            calendar_feeds.revoke(calendars.world.db, who, feed, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.renew(calendars.world.db, who, feed, KEY, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.remind(calendars.world.db, who, feed, 30, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.address(calendars.world.db, who, feed, KEY)
    with pytest.raises(NotFound):
        calendar_feeds.make(calendars.world.db, moreau, calendars.of_member("Mila"), KEY, NOW)


@pytest.mark.parametrize("gone", ["left the family", "erased"])
def test_a_guardian_who_is_gone_takes_their_links_along(calendars: Calendars, gone: str) -> None:
    token = calendars.token(calendars.made())
    if gone == "erased":
        calendars.world.db.execute(update(Guardian).values(erased_at=NOW))
    else:
        calendars.world.db.execute(delete(FamilyGuardian))
    with pytest.raises(NotFound):
        calendars.told(token)


def test_a_share_has_a_calendar_of_what_is_shared_which_empties_when_it_is_taken_back(
    calendars: Calendars,
) -> None:
    ruth = shared_with_ruth(calendars.world, calendars.family, calendars.mila.booking_id)
    token = calendars.token(calendars.made(actor=ruth), ruth)
    assert set(calendars.told(token).values()) == {"CONFIRMED Mila: Little Waves 2"}
    calendars.world.db.execute(update(Share).values(revoked_at=NOW))
    calendars.world.db.info.clear()
    assert calendars.told(token) == {}


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


def test_the_sheet_offers_everyone_and_each_child(calendars: Calendars) -> None:
    feed = calendars.made(calendars.of_member("Theo"))
    calendar_feeds.remind(calendars.world.db, calendars.family.guardian, feed, 120, NOW)
    rows = calendar_feeds.sheet(calendars.world.db, calendars.family.guardian, NOW).rows
    assert [(row.name, row.told) for row in rows] == [
        ("Everyone", "No link yet"),
        ("Mila", "No link yet"),
        ("Theo", "Made 12 March, reminds you 2 hours before"),
    ]
    assert [one.label for one in rows[2].reminders if one.current] == ["2 hours before"]
