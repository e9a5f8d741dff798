"""A booking that ends before its term."""

from datetime import time

from portal.actor import SYSTEM
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.services import (
    attendance,
    withdrawals,
)
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.make_ups import book as book_make_up
from tests.support.places import miscounted, taken
from tests.support.pressing import WEEK


def test_a_booking_that_ends_frees_its_make_up_and_keeps_it_usable(world: Otterbrook) -> None:
    vale, programme = world.family("Vale", "Mila"), world.programme(make_ups=True)
    course = world.course(programme_id=programme)
    other = world.course(programme_id=programme, starts_local=time(18), ends_local=time(19))
    booked = world.enrol(vale["Mila"], course)
    earned = attendance.cancel(world.db, vale.guardian, booked.sessions[1].attendance_id, NOW)
    assert earned is not None
    book_make_up(world, vale.guardian, earned, world.session_on(other, TODAY + 2 * WEEK), NOW)
    withdrawals.withdraw(world.db, SYSTEM, booked.booking_id, "Moved away", NOW)

    assert sum(taken(world, course)) + sum(taken(world, other)) == 0
    assert miscounted(world.db) == {}
    assert world.db.get_one(MakeUp, earned, populate_existing=True).status == MakeUpStatus.AVAILABLE
