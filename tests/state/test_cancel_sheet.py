"""The sheet behind "Can't come" in the framework's own pipeline: nothing is done that it did not tell."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from sqlalchemy import select
from sqlmodel import col

from portal import clock, db
from portal.models.bookings import Attendance
from portal.portal import app
from portal.services import logins
from portal.state.cancelling import CancelState
from portal.state.toast import Toast
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.pipeline import Pipeline, pipeline
from tests.support.windows import handler

ASK, BECAUSE, CONFIRM, BACK = (
    handler(CancelState, name) for name in ("ask", "because", "confirm", "sign_back_up")
)
UNDO = handler(Toast, "undo")


class Wall:
    """A clock that stands until it is moved."""

    now: datetime = NOW


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def wall() -> Iterator[Wall]:
    made = Wall()
    clock.use(lambda: made.now)
    yield made
    clock.use(None)


@pytest.fixture
async def house(wall: Wall, fresh_db: str) -> AsyncIterator[Pipeline]:
    async with pipeline(app, StateManagerMemory()) as running:  # type: ignore[abstract]
        yield running


def milas_session() -> tuple[str, str, datetime]:
    """The login of Mila's guardian, her session in a week, and its limit."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale = world.family("Vale", "Mila")
        coming = world.enrol(vale["Mila"], world.course(starts_on=TODAY)).sessions[1]
        attendance = session.get_one(Attendance, coming.attendance_id).public_id
        login = logins.token_hash(logins.open_for_guardian(session, vale.guardian_id, "", NOW))
        return login, attendance, coming.starts_at - timedelta(hours=12)


def stands(attendance: str) -> tuple[str, str]:
    with db.reading() as session:
        found = session.execute(
            select(Attendance).where(col(Attendance.public_id) == attendance)
        ).scalar_one()
        return found.status, found.reason


@pytest.mark.anyio
async def test_what_was_told_is_done_with_its_reason_and_undone_from_the_toast(house: Pipeline) -> None:
    login, attendance, _ = milas_session()
    assert "you get a make-up" in await house.ask(ASK, {"attendance": attendance}, login)
    await house.ask(BECAUSE, {"reason": "unwell"}, login)
    assert "is cancelled. You have a make-up to use" in await house.ask(CONFIRM, login=login)
    assert stands(attendance) == ("cancelled", "unwell")
    assert "Mila keeps the place" in await house.ask(UNDO, login=login)
    assert stands(attendance) == ("going", "")


@pytest.mark.anyio
async def test_when_the_limit_passes_over_an_open_sheet_it_is_told_anew_and_nothing_is_done(
    house: Pipeline, wall: Wall
) -> None:
    login, attendance, limit = milas_session()
    await house.ask(ASK, {"attendance": attendance}, login)
    wall.now = limit + timedelta(seconds=1)
    told = await house.ask(CONFIRM, login=login)
    assert "Please read it again before you confirm" in told
    assert "No make-up this time" in told
    assert stands(attendance)[0] == "going"
    await house.ask(CONFIRM, login=login)
    assert stands(attendance)[0] == "cancelled_late"


@pytest.mark.anyio
async def test_a_second_press_and_a_confirmation_nobody_was_asked_for_do_nothing(house: Pipeline) -> None:
    login, attendance, _ = milas_session()
    await house.ask(CONFIRM, login=login)
    await house.ask(ASK, {"attendance": attendance}, login)
    await house.ask(CONFIRM, login=login)
    await house.ask(BACK, {"attendance": attendance}, login)
    await house.ask(CONFIRM, login=login)
    assert stands(attendance) == ("going", "")


@pytest.mark.anyio
async def test_a_reason_the_sheet_does_not_offer_is_none_and_one_chosen_twice_is_no_longer(
    house: Pipeline,
) -> None:
    login, attendance, _ = milas_session()
    await house.ask(ASK, {"attendance": attendance}, login)
    for reason in ("away", "away", "invented"):
        await house.ask(BECAUSE, {"reason": reason}, login)
    await house.ask(CONFIRM, login=login)
    assert stands(attendance) == ("cancelled", "")


@pytest.mark.anyio
async def test_signing_back_up_is_undone_from_the_toast_as_well(house: Pipeline) -> None:
    login, attendance, _ = milas_session()
    await house.ask(ASK, {"attendance": attendance}, login)
    await house.ask(CONFIRM, login=login)
    assert "Mila is back in on Thu 19 March" in await house.ask(BACK, {"attendance": attendance}, login)
    assert "stays cancelled" in await house.ask(UNDO, login=login)
    assert stands(attendance)[0] == "cancelled"


@pytest.mark.anyio
async def test_what_can_not_be_asked_any_more_is_said_in_the_toast(house: Pipeline, wall: Wall) -> None:
    login, attendance, limit = milas_session()
    wall.now = limit + timedelta(hours=12)
    told = await house.ask(ASK, {"attendance": attendance}, login)
    assert "has started" in told
    assert '"is_open_rx_state_": true' not in told
    assert "nothing to sign back up for" in await house.ask(BACK, {"attendance": attendance}, login)


@pytest.mark.anyio
async def test_a_place_that_is_given_up_in_another_window_leaves_no_button_to_press(house: Pipeline) -> None:
    login, attendance, _ = milas_session()
    for tab in ("here", "there"):
        await house.ask(ASK, {"attendance": attendance}, login, tab)
    await house.ask(CONFIRM, login=login, tab="there")
    told = await house.ask(CONFIRM, login=login, tab="here")
    assert "This place was given up already" in told
    assert '"is_open_rx_state_": false' in told


@pytest.mark.anyio
async def test_an_open_sheet_closes_when_it_can_not_be_asked_any_more(house: Pipeline, wall: Wall) -> None:
    login, attendance, limit = milas_session()
    await house.ask(ASK, {"attendance": attendance}, login)
    wall.now = limit + timedelta(hours=12)
    told = await house.ask(ASK, {"attendance": attendance}, login)
    assert "has started" in told
    assert '"is_open_rx_state_": false' in told
