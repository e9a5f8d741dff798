from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from portal.actor import SYSTEM
from portal.messages.notes import unpacked
from portal.models.benefits import PassKind
from portal.models.messages import OutboxMessage
from portal.services import attendance, passes, reminders
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook

AFTERNOON = datetime.fromisoformat("2026-03-11T16:00:00+01:00")
"""From then on one is told of Thursday's session at 16:30."""


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def told(world: Otterbrook) -> list[str]:
    return list(world.db.exec(select(OutboxMessage.kind).order_by(col(OutboxMessage.id))).all())


def remind(world: Otterbrook, now: datetime) -> list[str]:
    before = len(told(world))
    reminders.remind(world.db, SYSTEM, now)
    return told(world)[before:]


def noon(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+01:00")


def test_a_payment_is_reminded_of_once_on_each_occasion(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 6200, due=(date(2026, 3, 20),))

    assert remind(world, NOW) == ["payment_due"]
    assert remind(world, NOW + timedelta(hours=1)) == []
    assert remind(world, noon(date(2026, 3, 20))) == []
    assert remind(world, noon(date(2026, 3, 21))) == ["payment_overdue"]
    assert remind(world, noon(date(2026, 3, 22))) == []
    assert remind(world, noon(date(2026, 3, 28))) == ["payment_overdue"]
    assert remind(world, noon(date(2026, 4, 20))) == []


def test_after_downtime_the_last_occasion_is_told_and_the_missed_ones_are_not(
    world: Otterbrook, vale: Household
) -> None:
    world.order(vale.family_id, 6200, due=(date(2026, 3, 20),))

    assert remind(world, noon(date(2026, 3, 22))) == ["payment_overdue"]


def test_a_session_is_told_of_the_afternoon_before_once(world: Otterbrook, vale: Household) -> None:
    world.enrol(vale["Mila"], world.course(), now=NOW - timedelta(days=8))

    assert remind(world, AFTERNOON - timedelta(seconds=1)) == []
    assert remind(world, AFTERNOON) == ["session_tomorrow"]
    assert remind(world, AFTERNOON + timedelta(hours=1)) == []


def test_a_session_nobody_was_told_of_while_nothing_ran_is_told_until_an_hour_before(
    world: Otterbrook, vale: Household
) -> None:
    world.enrol(vale["Mila"], world.course(), now=NOW - timedelta(days=8))
    starts = datetime.fromisoformat("2026-03-12T16:30:00+01:00")

    assert remind(world, starts - timedelta(hours=1)) == []
    assert remind(world, starts - timedelta(hours=1, seconds=1)) == ["session_tomorrow"]


def test_who_cannot_come_is_not_reminded_and_hears_of_the_make_up(world: Otterbrook, vale: Household) -> None:
    booked = world.enrol(vale["Mila"], world.course(), now=NOW - timedelta(days=8))
    attendance.cancel(world.db, vale.guardian, booked.on(date(2026, 3, 19)).attendance_id, NOW)

    assert "make_up_available" in remind(world, NOW)
    assert remind(world, AFTERNOON + timedelta(days=7)) == []


@pytest.mark.parametrize(("capacity", "places"), [(8, "6"), (1, "")])
def test_a_make_up_is_told_with_the_sessions_that_have_a_place_for_it(
    world: Otterbrook, vale: Household, capacity: int, places: str
) -> None:
    programme = world.programme()
    booked = world.enrol(vale["Mila"], world.course(programme_id=programme), now=NOW - timedelta(days=8))
    other = world.course(programme_id=programme, weekday=4, capacity=capacity)
    world.enrol(world.family("Moss", "Ida")["Ida"], other)
    attendance.cancel(world.db, vale.guardian, booked.on(date(2026, 3, 19)).attendance_id, NOW)

    remind(world, NOW)

    told = select(OutboxMessage.content).where(OutboxMessage.kind == "make_up_available")
    (note,) = unpacked(world.db.exec(told).one())
    assert note.values["places"] == places


def test_a_pass_that_ends_soon_is_told_of_once(world: Otterbrook, vale: Household) -> None:
    ends = TODAY + timedelta(days=14)
    sold = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim", TODAY, ends, entries_total=10)
    passes.sell(world.db, SYSTEM, sold, "Bought", NOW)

    assert remind(world, NOW) == ["pass_expiring"]
    assert remind(world, NOW + timedelta(days=3)) == []


def test_what_is_said_is_in_the_guardians_words(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 6200, due=(date(2026, 3, 20),))
    remind(world, NOW)

    reminder = select(OutboxMessage.content).where(OutboxMessage.kind == "payment_due")
    (note,) = unpacked(world.db.exec(reminder).one())
    assert note.values["amount"] == "€62.00"
    assert note.values["due"] == "20 March"
