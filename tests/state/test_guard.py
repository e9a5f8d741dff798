"""The guard in the framework's own pipeline, with states in memory and in Redis, and its controls."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.storage import ClientStorageBase
from reflex_base.registry import RegistrationContext

from portal import clock, commits, db
from portal.portal import app
from portal.services import logins
from portal.services.acting import actor_behind
from portal.state import guard
from portal.state.framework import BOOT
from portal.state.guard import event_rule
from portal.state.home import HomeState
from tests.factories import NOW, Otterbrook
from tests.state.doors import Diary, Doors
from tests.support.pipeline import TAB, Pipeline, pipeline
from tests.support.windows import handler

CLOSED = {"setvar", "update_vars_internal"}
LOAD = handler(HomeState, "load")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _new_doors() -> Iterator[None]:
    clock.use(lambda: NOW)
    Doors.passed.clear()
    yield
    clock.use(None)


@pytest.fixture(params=["memory", "redis"])
async def states(request: pytest.FixtureRequest) -> AsyncIterator[StateManager]:
    if request.param == "memory":
        yield StateManagerMemory()  # type: ignore[abstract]
        return
    client = Redis.from_url(request.getfixturevalue("redis_url"))
    manager = StateManagerRedis(redis=client)  # type: ignore[abstract]
    yield manager
    await manager.close()
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def house(states: StateManager, fresh_db: str) -> AsyncIterator[Pipeline]:
    async with pipeline(app, states) as running:
        yield running


def sign_in(name: str = "Vale", member: str = "Mila") -> str:
    """A family with this member; the hash of its guardian's login, as the gate hands it on."""
    with db.unit_of_work() as session:
        family = Otterbrook(session).family(name, member)
        return logins.token_hash(logins.open_for_guardian(session, family.guardian_id, "", NOW))


def passed() -> list[str]:
    return [name for name, _ in Doors.passed]


def test_every_handler_says_for_whom_it_is() -> None:
    ours = RegistrationContext.get().event_handlers
    without = {name for name in ours if event_rule(name) is None and ".tests___" not in name}

    assert {name.rpartition(".")[2] for name in without} == CLOSED


def test_no_state_keeps_anything_in_the_browser() -> None:
    """So that a window has nothing to write: cookies and local storage are the client's to fill."""
    for state in RegistrationContext.get().base_states.values():
        for field in state.get_fields().values():
            assert not (isinstance(field.type_, type) and issubclass(field.type_, ClientStorageBase))


@pytest.mark.anyio
async def test_a_door_that_says_nothing_stays_closed_to_everybody(house: Pipeline) -> None:
    await house.ask(handler(Doors, "unmarked"), login=sign_in())
    await house.ask(handler(Doors, "open_to_all"))

    assert passed() == ["open_to_all"]


@pytest.mark.anyio
async def test_without_the_guard_it_is_open(states: StateManager, fresh_db: str) -> None:
    async with pipeline(app, states, guarded=False) as unguarded:
        await unguarded.ask(handler(Doors, "unmarked"))

    assert passed() == ["unmarked"]


@pytest.mark.anyio
async def test_setvar_is_closed(house: Pipeline) -> None:
    login = sign_in()
    await house.ask(handler(Doors, "setvar"), {"var_name": "kept", "value": "planted"}, login)

    assert "planted" not in await house.ask(BOOT, login=login)


@pytest.mark.anyio
async def test_nobody_is_led_to_sign_in_and_back(house: Pipeline) -> None:
    assert '"path": "/login"' in await house.ask(LOAD)
    assert '"/login?next=/payments%3Fopen%3Dx"' in await house.ask(LOAD, path="/payments?open=x")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/" + "x" * 400]
)
async def test_nobody_is_led_away_from_the_portal(house: Pipeline, elsewhere: str) -> None:
    assert '"path": "/login"' in await house.ask(LOAD, asPath=elsewhere)


@pytest.mark.anyio
async def test_arguments_that_do_not_fit_are_refused(house: Pipeline) -> None:
    login = sign_in()
    for payload in ({}, {"who": 7}, {"who": "all", "more": 1}, {"who": "x" * 30}):
        await house.ask(handler(Doors, "keep"), payload, login)

    assert passed() == []


@pytest.mark.anyio
async def test_a_handler_learns_who_acts_also_in_the_background(house: Pipeline) -> None:
    login = sign_in()
    await house.ask(handler(Doors, "keep"), {"who": "all"}, login)
    await house.ask(handler(Doors, "behind"), login=login)

    assert [(name, who and who.family_id is not None) for name, who in Doors.passed] == [
        ("keep", True),
        ("behind", True),
    ]


@pytest.mark.anyio
async def test_a_handler_leads_nobody_through_a_door_that_is_not_theirs(house: Pipeline) -> None:
    await house.ask(handler(Doors, "onwards"), login=sign_in())

    assert passed() == []


@pytest.mark.anyio
async def test_what_the_client_says_of_itself_counts_for_nothing(house: Pipeline) -> None:
    login = sign_in()
    told = await house.ask(
        LOAD, None, "", headers={"cookie": f"portal_session={login}", "portal-login": login}
    )

    assert "Mila" not in told
    assert "/login" in told


@pytest.mark.anyio
async def test_the_next_login_in_a_window_finds_nothing_of_the_last(house: Pipeline) -> None:
    vale, moss = sign_in(), sign_in("Moss", "Zuzka")
    assert "Mila" in await house.ask(BOOT, login=vale) + await house.ask(LOAD, login=vale)
    await house.ask(handler(Doors, "keep"), {"who": "valesecret"}, vale)
    # Doors is not among the states that this event needs: with Redis it is not even loaded.
    await house.ask(LOAD, login=moss)
    told = await house.ask(BOOT, login=moss)

    assert "Zuzka" in told
    assert "Mila" not in told
    assert "valesecret" not in told


@pytest.mark.anyio
@pytest.mark.parametrize("states", ["redis"], indirect=True)
async def test_with_redis_emptying_only_what_is_loaded_would_leak(
    house: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def load_nothing(_root: object) -> None:
        """The control."""

    monkeypatch.setattr(guard, "_load_tree", load_nothing)
    vale, moss = sign_in(), sign_in("Moss", "Zuzka")
    await house.ask(handler(Doors, "keep"), {"who": "valesecret"}, vale)
    await asyncio.sleep(0)
    await house.ask(LOAD, login=moss)

    assert "valesecret" in await house.ask(BOOT, login=moss)


@pytest.mark.anyio
async def test_without_binding_a_window_to_its_login_it_would_leak(
    house: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def bind_nothing(*_: object, welcome: bool) -> bool:
        """The control."""
        return False

    monkeypatch.setattr(guard, "_bind", bind_nothing)
    await house.ask(LOAD, login=sign_in())

    assert "Mila" in await house.ask(BOOT)


@pytest.mark.anyio
async def test_a_window_whose_login_ended_is_emptied_and_led_to_sign_in(house: Pipeline) -> None:
    login = sign_in()
    await house.ask(LOAD, login=login)
    with db.unit_of_work() as session:
        guardian = actor_behind(session, login, NOW)
        assert guardian is not None
        logins.end_everywhere(session, guardian, NOW)
    told = await house.ask(LOAD, login=login)

    assert "/login" in told
    assert '"status_rx_state_": "loading"' in told
    assert "Mila" not in told


@pytest.mark.anyio
async def test_while_the_database_is_away_a_window_keeps_what_it_shows_and_is_told(
    house: Pipeline, fresh_db: str, tmp_path: os.PathLike[str]
) -> None:
    login = sign_in()
    await house.ask(LOAD, login=login)
    db.bind(f"sqlite:///{tmp_path}/nowhere/portal.db")
    told = await house.ask(LOAD, login=login)
    booted = await house.ask(BOOT, login=login)
    db.bind(fresh_db)

    assert "We can’t reach our records" in told
    assert '"status_rx_state_": "ready"' in told
    assert "Mila" not in told + booted
    assert "We can’t reach our records" not in await house.ask(LOAD, login=login)


@pytest.mark.anyio
@pytest.mark.parametrize("states", ["redis"], indirect=True)
async def test_what_redis_keeps_opens_nothing(house: Pipeline, states: StateManagerRedis) -> None:
    with db.unit_of_work() as session:
        token = logins.open_for_guardian(session, Otterbrook(session).family().guardian_id, "", NOW)
    await house.ask(LOAD, login=logins.token_hash(token))
    await states.close()

    kept = [
        await states.redis.get(key) for key in await states.redis.keys("*") if key.startswith(TAB.encode())
    ]
    assert kept
    assert not any(token.encode() in (value or b"") for value in kept)


@pytest.mark.anyio
async def test_of_two_loads_the_one_asked_for_last_is_read_and_shown_last(
    house: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "mark", lambda: None)  # as if somebody committed all the time
    login = sign_in()
    await house.ask(LOAD, login=login)
    Diary.begin()
    first = asyncio.create_task(house.ask(handler(Diary, "load"), login=login))
    await asyncio.to_thread(Diary.first_reads.wait, 10)
    second = asyncio.create_task(house.ask(handler(Diary, "load"), login=login))
    await asyncio.sleep(0)
    Diary.second_is_asked.set()
    await asyncio.gather(first, second)

    shown = [
        update.delta[Diary.get_full_name()]["view_rx_state_"].page
        for _, update in house.wire.updates
        if "view_rx_state_" in (update.delta or {}).get(Diary.get_full_name(), {})
    ]
    assert shown[-2:] == [1, 2]
