"""A full course and its line, for tests of what becomes of those who wait."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.bookings import Booking, WaitingListEntry
from portal.services import waiting_list, withdrawals
from tests.factories import NOW, Household, Otterbrook
from tests.support.pressing import HOUR


class Line:
    """A full course, Mila in it, Theo and Juno waiting."""

    def __init__(self, world: Otterbrook) -> None:
        self.world = world
        self.home, self.vale, self.bell = (
            world.family("Cole", "Ada"),
            world.family("Vale", "Theo"),
            world.family("Bell", "Juno"),
        )
        self.course = world.course("Stroke School 2", capacity=1, price_minor=14000)
        self.booked = world.enrol(self.home["Ada"], self.course)
        self.theo, self.juno = (
            waiting_list.join(world.db, SYSTEM, family[name], self.course, NOW)
            for family, name in ((self.vale, "Theo"), (self.bell, "Juno"))
        )

    def frees(self, at: timedelta = HOUR) -> None:
        withdrawals.withdraw(self.world.db, SYSTEM, self.booked.booking_id, "Moved away", NOW + at)

    def booking(self, booking_id: int) -> Booking:
        self.world.db.flush()
        return self.world.db.get_one(Booking, booking_id, populate_existing=True)

    def entry(self, booking_id: int) -> WaitingListEntry:
        of = select(WaitingListEntry).where(col(WaitingListEntry.booking_id) == booking_id)
        return self.world.db.execute(of.execution_options(populate_existing=True)).scalar_one()

    def answers(self, how: Any, booking_id: int, family: Household, at: timedelta = 2 * HOUR) -> Any:
        public = self.booking(booking_id).public_id
        return how(self.world.db, family.guardian, public, NOW + at)


def standing(line: Line) -> tuple[str, str]:
    return line.entry(line.theo).status, line.entry(line.juno).status
