"""A family that waits for a place leaves the line by itself."""

import pytest
from sqlalchemy import select

from portal.errors import NotFound
from portal.models.people import AuditEntry
from portal.rows.bookings import BookingView
from portal.rules.conditions import Unmet
from portal.services import booking, leaving_lines
from tests.factories import NOW, Household, Otterbrook
from tests.support.lines import Line, standing
from tests.support.pressing import HOUR, hostile


@pytest.fixture
def line(world: Otterbrook) -> Line:
    return Line(world)


def dashboard(line: Line, booking_id: int, family: Household) -> BookingView:
    line.world.db.info.pop("scene", None)
    public = line.booking(booking_id).public_id
    return booking.read(line.world.db, family.guardian, NOW, {"booking_id": public})


def test_a_family_that_waits_leaves_by_itself_and_who_waits_behind_moves_up(line: Line) -> None:
    assert dashboard(line, line.juno, line.bell).chip.word == "Waiting list, 2nd"
    assert dashboard(line, line.theo, line.vale).can_leave
    asked = line.answers(leaving_lines.sheet, line.theo, line.vale)
    assert asked.why == "Theo is 1st in line for Stroke School 2."

    assert (
        line.answers(leaving_lines.leave, line.theo, line.vale) == "Theo no longer waits for Stroke School 2."
    )

    log = line.world.db.execute(select(AuditEntry)).scalars().all()
    assert [(one.action, one.guardian_id) for one in log] == [("waiting_list.left", line.vale.guardian_id)]
    left = dashboard(line, line.theo, line.vale)
    assert (left.can_leave, left.progress, left.chip.word) == (False, "No sessions", "Cancelled")
    assert left.explained == "You left the waiting list."
    assert dashboard(line, line.juno, line.bell).chip.word == "Waiting list, 1st"
    line.frees(3 * HOUR)
    assert standing(line) == ("declined", "offered")


def test_who_leaves_as_a_place_becomes_free_is_told_of_the_place_and_keeps_it(line: Line) -> None:
    line.frees()
    assert not dashboard(line, line.theo, line.vale).can_leave
    for how in (leaving_lines.sheet, leaving_lines.leave):
        with pytest.raises(Unmet) as refused:
            line.answers(how, line.theo, line.vale)
        assert refused.value.message_key == "waiting_list.place_kept"
    assert standing(line) == ("offered", "waiting")


def test_nobody_else_leaves_for_a_family(line: Line) -> None:
    for actor in hostile(line.world, line.vale):
        for how in (leaving_lines.sheet, leaving_lines.leave):
            with pytest.raises(NotFound):
                how(line.world.db, actor, line.booking(line.theo).public_id, NOW)
    assert standing(line) == ("waiting", "waiting")
