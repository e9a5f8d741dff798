"""Until when a session is cancelled in time: to the second, over weekends, holidays and changes of the clocks."""

from datetime import date, datetime, time
from typing import Any

import pytest

from portal.actor import SYSTEM
from portal.models.provider import NoticeKind
from portal.services import provider, timetable
from tests.factories import NOW, Otterbrook
from tests.support.called_off import (
    SECOND,
    cancel,
    ledger,
    local,
    sheet,
    status,
    taken,
)

DAY_BEFORE = {"notice_kind": NoticeKind.DAY_BEFORE_AT, "notice_at_hour": 18}
WORKING_DAYS = {"notice_skips_days_off": True}


@pytest.mark.parametrize(
    ("settings", "holidays", "day", "at", "limit"),
    [
        ({}, (), date(2026, 3, 19), time(16, 30), local(date(2026, 3, 19), 4, 30)),
        (DAY_BEFORE, (), date(2026, 3, 19), time(16, 30), local(date(2026, 3, 18), 18)),
        (DAY_BEFORE, (), date(2026, 3, 16), time(10), local(date(2026, 3, 15), 18)),
        (DAY_BEFORE | WORKING_DAYS, (), date(2026, 3, 16), time(10), local(date(2026, 3, 13), 18)),
        (WORKING_DAYS, (), date(2026, 3, 16), time(10), local(date(2026, 3, 13), 22)),
        (
            DAY_BEFORE | WORKING_DAYS,
            (date(2026, 4, 3), date(2026, 4, 6)),
            date(2026, 4, 7),
            time(10),
            local(date(2026, 4, 2), 18),
        ),
        ({}, (), date(2026, 3, 29), time(10), local(date(2026, 3, 28), 21)),
        (DAY_BEFORE, (), date(2026, 3, 29), time(10), local(date(2026, 3, 28), 18)),
        ({}, (), date(2026, 10, 25), time(10), local(date(2026, 10, 24), 23)),
        (DAY_BEFORE, (), date(2026, 10, 25), time(10), local(date(2026, 10, 24), 18)),
    ],
    ids=[
        "hours before",
        "an hour of the day before",
        "on a Sunday",
        "a weekend moves it to Friday",
        "hours before on a weekend",
        "a long Easter moves it to Thursday",
        "hours before, clocks forward",
        "the day before, clocks forward",
        "hours before, clocks back",
        "the day before, clocks back",
    ],
)
def test_until_the_limit_there_is_a_make_up_and_a_second_later_none(
    world: Otterbrook,
    settings: dict[str, Any],
    holidays: tuple[date, ...],
    day: date,
    at: time,
    limit: datetime,
) -> None:
    provider.save(world.db, SYSTEM, settings, NOW)
    for holiday in holidays:
        timetable.add_holiday(world.db, SYSTEM, holiday, "Easter")
    vale = world.family("Vale", "Mila", "Theo")
    of_week: dict[str, Any] = {"weekday": day.weekday(), "starts_local": at, "ends_local": time(at.hour + 1)}
    course = world.course(starts_on=day, ends_on=day, **of_week)
    in_time, late = (world.enrol(vale[name], course).on(day) for name in ("Mila", "Theo"))

    assert sheet(world, vale.guardian, in_time, limit).outcome == "make_up"
    assert sheet(world, vale.guardian, late, limit + SECOND).outcome == "make_up_too_late"
    cancel(world, vale.guardian, in_time, limit)
    cancel(world, vale.guardian, late, limit + SECOND, "make_up_too_late")
    assert (status(world, in_time), status(world, late)) == ("cancelled", "cancelled_late")
    assert (ledger(world), taken(world, late)) == (["earned"], 0)
