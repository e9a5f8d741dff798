"""Mila has a make-up, and there are Fridays to use it on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.benefits import MakeUp, MakeUpEntry
from portal.models.classes import ClassSession
from portal.rows.make_ups import MakeUpSheet
from portal.services import (
    attendance,
    make_up_sheet,
    replacing,
)
from tests.factories import NOW, Household, Otterbrook
from tests.support.places import public_id

SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(weeks=1)
FRIDAY = date(2026, 3, 20)


@dataclass
class Story:
    """Mila of the Vales has a make-up; on Fridays there is another course of the programme."""

    world: Otterbrook
    vale: Household
    programme: int
    booking_id: int
    make_up_id: int
    fridays: int

    @property
    def nora(self) -> Actor:
        return self.vale.guardian

    @property
    def make_up(self) -> MakeUp:
        self.world.db.flush()
        self.world.db.expire_all()
        return self.world.db.get_one(MakeUp, self.make_up_id)

    @property
    def id(self) -> str:
        return public_id(self.world, MakeUp, self.make_up_id)

    def friday(self, weeks: int = 0) -> str:
        return public_id(self.world, ClassSession, self.world.session_on(self.fridays, FRIDAY + weeks * WEEK))

    def books(self, session: str = "", actor: Actor | None = None, now: datetime = NOW) -> str:
        return replacing.book(self.world.db, actor or self.nora, self.id, session or self.friday(), now)

    def sheet(self, wanted: str = "any", session: str = "", now: datetime = NOW) -> MakeUpSheet:
        self.world.db.info.pop("scene", None)
        return make_up_sheet.sheet(self.world.db, self.nora, self.id, wanted, session, now)

    def history(self) -> list[tuple[str, str]]:
        of = select(MakeUpEntry).where(col(MakeUpEntry.make_up_id) == self.make_up_id)
        rows = self.world.db.execute(of.order_by(col(MakeUpEntry.id))).scalars()
        return [(row.kind, row.cause) for row in rows]


def story(session: Session, *, capacity: int = 1, fridays: bool = True, **settings: object) -> Story:
    world = Otterbrook(session, settings=settings)
    vale, programme = world.family("Vale", "Mila", "Theo"), world.programme()
    course = world.course(programme_id=programme)
    booked = world.enrol(vale["Mila"], course)
    other = world.course("Fridays", programme, weekday=4, capacity=capacity) if fridays else 0
    earned = attendance.cancel(session, vale.guardian, booked.sessions[1].attendance_id, NOW)
    return Story(world, vale, programme, booked.booking_id, earned or 0, other)


def refused(of: Story, session: str = "", actor: Actor | None = None, now: datetime = NOW) -> str:
    with pytest.raises(PortalError) as error, of.world.db.begin_nested():
        of.books(session, actor, now)
    return error.value.message_key
