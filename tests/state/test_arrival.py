"""What a window is told first when it opens a new document, and when it only reconnects."""

from collections.abc import AsyncIterator, Iterator

import pytest
from reflex.istate.manager.memory import StateManagerMemory

from portal import clock, db
from portal.portal import app
from portal.services import logins
from portal.state.arrival import Arrival
from portal.state.calendars import CalendarState
from portal.state.framework import BOOT
from portal.state.home import HomeState
from portal.state.my_data import EmailChangeState
from portal.state.sheet import SheetState
from tests.factories import NOW, Otterbrook
from tests.support.pipeline import Pipeline, pipeline
from tests.support.windows import handler

LOAD = handler(HomeState, "load")
ROWS = '"view_rx_state_": {"headings": [{'
OPEN = '"is_open_rx_state_": true'
NEW_DOCUMENT = {"hashes": ["what the build says"]}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    clock.use(lambda: NOW)
    yield
    clock.use(None)


@pytest.fixture
async def window(fresh_db: str) -> AsyncIterator[Pipeline]:
    async with pipeline(app, StateManagerMemory()) as running:  # type: ignore[abstract]
        yield running


def sign_in() -> str:
    with db.unit_of_work() as session:
        family = Otterbrook(session).family("Vale", "Mila")
        return logins.token_hash(logins.open_for_guardian(session, family.guardian_id, "", NOW))


@pytest.mark.anyio
async def test_a_new_document_is_not_told_what_the_window_showed_before(window: Pipeline) -> None:
    login = sign_in()
    assert ROWS in await window.ask(LOAD, login=login)

    first, *_ = (await window.ask(BOOT, NEW_DOCUMENT, login)).split("\n")

    assert ROWS not in first
    assert '"status_rx_state_": "ready"' not in first


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sheet", "opens", "stays"),
    [(CalendarState, "manage", False), (EmailChangeState, "start", True)],
    ids=["what it is about may be another page", "its codes are read elsewhere"],
)
async def test_a_sheet_is_left_behind_unless_one_leaves_the_page_for_it(
    window: Pipeline, sheet: type[SheetState], opens: str, stays: bool
) -> None:
    login = sign_in()
    assert OPEN in await window.ask(handler(sheet, opens), login=login)

    first, *_ = (await window.ask(BOOT, NEW_DOCUMENT, login)).split("\n")

    assert (OPEN in first) is stays


@pytest.mark.anyio
async def test_a_window_that_reconnects_gets_everything_it_had(window: Pipeline) -> None:
    login = sign_in()
    await window.ask(LOAD, login=login)

    first, *_ = (await window.ask(BOOT, None, login)).split("\n")

    assert ROWS in first


@pytest.mark.anyio
async def test_without_the_arrival_the_old_rows_would_come_between(
    window: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def let_nothing_go(*_: object, **__: object) -> None:
        """The control."""

    monkeypatch.setattr(Arrival, "preprocess", let_nothing_go)
    login = sign_in()
    await window.ask(LOAD, login=login)

    first, *_ = (await window.ask(BOOT, NEW_DOCUMENT, login)).split("\n")

    assert ROWS in first
