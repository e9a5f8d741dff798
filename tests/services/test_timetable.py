from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.classes import ClassSession
from portal.services import provider, timetable
from portal.services.provider import BadBrandColor, NotSetUp, UnknownSetting, UnknownZone
from portal.services.timetable import EndsBeforeItStarts
from tests.factories import NOW, TODAY, Otterbrook


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def sessions(world: Otterbrook, course_id: int) -> list[ClassSession]:
    rows = select(ClassSession).where(col(ClassSession.course_id) == course_id)
    return list(world.db.execute(rows.order_by(col(ClassSession.starts_at))).scalars())


def test_sessions_keep_their_local_time_over_the_change_of_the_clocks(world: Otterbrook) -> None:
    course = world.course(starts_on=date(2026, 3, 19), ends_on=date(2026, 4, 2))
    assert [one.starts_at.isoformat()[:16] for one in sessions(world, course)] == [
        "2026-03-19T15:30",
        "2026-03-26T15:30",
        "2026-04-02T14:30",
    ]


def test_holidays_have_no_session(world: Otterbrook) -> None:
    timetable.add_holiday(world.db, SYSTEM, date(2026, 3, 26), "Spring break")
    course = world.course(starts_on=date(2026, 3, 19), ends_on=date(2026, 4, 2))
    assert len(sessions(world, course)) == 2


def test_a_camp_meets_every_working_day(world: Otterbrook) -> None:
    camp = world.course(
        starts_on=date(2026, 7, 6),
        ends_on=date(2026, 7, 12),
        starts_local=time(9),
        ends_local=time(15),
        every_working_day=True,
    )
    assert [one.starts_at.day for one in sessions(world, camp)] == [6, 7, 8, 9, 10]


def test_extra_make_up_places_are_the_courses_or_else_the_providers(world: Otterbrook) -> None:
    provider.save(world.db, SYSTEM, {"extra_make_up_places": 2}, NOW)
    own, usual = world.course(extra_make_up_places=0), world.course()
    assert (sessions(world, own)[0].make_up_places, sessions(world, usual)[0].make_up_places) == (0, 2)


@pytest.mark.parametrize(
    "wrong", [{"ends_local": time(16, 30)}, {"ends_local": time(16)}, {"ends_on": date(2026, 3, 4)}], ids=str
)
def test_a_course_that_ends_before_it_starts_is_refused(world: Otterbrook, wrong: dict[str, Any]) -> None:
    with pytest.raises(EndsBeforeItStarts):
        world.course(**wrong)


def test_a_changed_session_has_its_note_and_a_new_version(world: Otterbrook) -> None:
    course = world.course(room="lane 2")
    timetable.change_session(world.db, SYSTEM, world.session_on(course), "Lane changed", NOW, room="lane 1")
    changed = world.db.get_one(ClassSession, world.session_on(course))
    assert (changed.room, changed.change_note, changed.sequence) == ("lane 1", "Lane changed", 1)


def test_a_day_without_a_session_is_not_found(world: Otterbrook) -> None:
    with pytest.raises(NotFound):
        world.session_on(world.course(), date(2026, 3, 13))


def test_a_guardian_does_not_make_courses(world: Otterbrook) -> None:
    with pytest.raises(NotAllowed):
        timetable.add_holiday(world.db, world.family().guardian, TODAY, "Day off")


def test_a_setting_is_changed_and_the_others_stay(world: Otterbrook) -> None:
    provider.save(world.db, world.staff(), {"brand_color": "#c2452d"}, NOW)
    settings = provider.get(world.db)
    assert (settings.brand_color, settings.short_name) == ("#c2452d", "Otterbrook")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"colour": "red"}, UnknownSetting),
        ({"id": 2}, UnknownSetting),
        ({"brand_color": "red"}, BadBrandColor),
        ({"brand_color": "#0e6e6e;}"}, BadBrandColor),
        ({"timezone": "Europe/Atlantis"}, UnknownZone),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    world: Otterbrook, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        provider.save(world.db, SYSTEM, changes, NOW)


def test_a_provider_that_is_not_set_up_says_so(fresh_db: str) -> None:
    with db.reading() as session, pytest.raises(NotSetUp):
        provider.get(session)
