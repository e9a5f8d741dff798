"""When a page stops being true by the clock alone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from portal.actor import SYSTEM, Actor
from portal.models.bookings import Booking
from portal.services import booking, home, provider, sessions
from tests.factories import NOW, TODAY, Otterbrook

STARTS, ENDS = datetime(2026, 3, 12, 15, 30, tzinfo=UTC), datetime(2026, 3, 12, 16, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 12, 23, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SERVICES: dict[str, Any] = {"home": home.read, "sessions": sessions.read}


def changes_at(world: Otterbrook, actor: Actor, page: str, now: datetime) -> datetime:
    world.db.flush()
    world.db.info.pop("scene", None)
    at = SERVICES[page](world.db, actor, now, {}).changes_at
    assert isinstance(at, datetime)
    return at


@pytest.fixture
def nora(world: Otterbrook) -> Actor:
    """Her child swims today from 16:30 to 17:00; classes can be watched from 15 minutes before."""
    provider.save(world.db, SYSTEM, {"livestream": True, "livestream_opens_minutes": 15}, NOW)
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, ends_on=TODAY))
    return vale.guardian


def test_home_counts_down_by_the_minute(world: Otterbrook, nora: Actor) -> None:
    for left in (5 * MINUTE + timedelta(seconds=20), 5 * MINUTE + timedelta(microseconds=1)):
        assert changes_at(world, nora, "home", STARTS - left) == STARTS - 5 * MINUTE
    assert changes_at(world, nora, "home", STARTS - 5 * MINUTE) == STARTS - 4 * MINUTE


def test_the_countdown_reads_differently_at_each_of_these_instants(world: Otterbrook, nora: Actor) -> None:
    now, told = STARTS - 3 * MINUTE - timedelta(seconds=10), []
    while now <= ENDS:
        world.db.info.pop("scene", None)
        view = home.read(world.db, nora, now, {})
        told.append(view.tickets[0].countdown if view.tickets else "")
        assert view.changes_at is not None
        now = view.changes_at

    assert [words for words in told if words] == [
        "Starts in 4 min",
        "Starts in 3 min",
        "Starts in 2 min",
        "Starts in 1 min",
        "On now, until 17:00",
    ]
    assert told[-1] == ""


def test_sessions_change_when_one_can_be_joined_starts_and_ends(world: Otterbrook, nora: Actor) -> None:
    assert changes_at(world, nora, "sessions", STARTS - 16 * MINUTE) == STARTS - 15 * MINUTE
    assert changes_at(world, nora, "sessions", STARTS - MINUTE) == STARTS
    assert changes_at(world, nora, "sessions", STARTS) == ENDS


def test_a_booking_changes_with_its_sessions(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY, ends_on=TODAY))
    world.db.flush()
    found = world.db.get(Booking, booked.booking_id)
    assert found is not None

    view = booking.read(world.db, vale.guardian, STARTS, {"booking_id": found.public_id})

    assert view.changes_at == ENDS


def test_without_sessions_today_the_greeting_and_the_day_change(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, weekday=6, starts_local=time(10)))

    assert changes_at(world, vale.guardian, "home", MIDNIGHT - 10 * HOUR) == MIDNIGHT - 6 * HOUR
    assert changes_at(world, vale.guardian, "home", MIDNIGHT - HOUR) == MIDNIGHT
