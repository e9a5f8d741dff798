"""A family cancels a session of Mila's, and what can be seen of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.benefits import MakeUp, MakeUpEntry
from portal.models.bookings import Attendance
from portal.models.classes import ClassSession
from portal.rows.cancelling import CancelSheet, Done
from portal.services import cancelling
from portal.services.enrolment import Booked, Coming
from tests.factories import NOW, TODAY, Household, Otterbrook

ZONE = ZoneInfo("Europe/Bratislava")
SECOND = timedelta(seconds=1)
NEXT_WEEK = TODAY + timedelta(days=7)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant by Bratislava's clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def public(world: Otterbrook, coming: Coming) -> str:
    return world.db.get_one(Attendance, coming.attendance_id).public_id


def sheet(world: Otterbrook, actor: Actor, coming: Coming, now: datetime = NOW) -> CancelSheet:
    """What the sheet says after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return cancelling.preview(world.db, actor, public(world, coming), now)


def cancel(
    world: Otterbrook,
    actor: Actor,
    coming: Coming,
    now: datetime = NOW,
    told: str = "make_up",
    reason: str = "",
) -> Done:
    return cancelling.cancel(world.db, actor, public(world, coming), told, reason, now)


def status(world: Otterbrook, coming: Coming) -> str:
    statement = select(Attendance).where(col(Attendance.id) == coming.attendance_id)
    return world.db.execute(statement.execution_options(populate_existing=True)).scalar_one().status


def taken(world: Otterbrook, coming: Coming) -> int:
    chosen = select(col(ClassSession.taken)).where(col(ClassSession.id) == coming.session_id)
    return world.db.execute(chosen).scalar_one()


def ledger(world: Otterbrook) -> list[str]:
    return list(world.db.execute(select(col(MakeUpEntry.kind)).order_by(col(MakeUpEntry.id))).scalars())


def make_up(world: Otterbrook) -> MakeUp:
    return world.db.execute(select(MakeUp).execution_options(populate_existing=True)).scalar_one()


def refused(doing: Callable[..., object], *arguments: Any) -> str:
    """The key of the refusal."""
    with pytest.raises(PortalError) as refusal:
        doing(*arguments)
    return refusal.value.message_key


def mila(world: Otterbrook, vale: Household, **policies: Any) -> Coming:
    """Mila's session in a week, Thursday 19 March, 16:30 to 17:00."""
    return booked(world, vale, **policies).on(NEXT_WEEK)


def booked(world: Otterbrook, vale: Household, **policies: Any) -> Booked:
    course = world.course(programme_id=world.programme(**policies), starts_on=TODAY)
    return world.enrol(vale["Mila"], course)
