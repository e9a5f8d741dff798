"""Who acts is read again as soon as anything may have changed, and not before."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from portal import clock, commits, db
from portal.rules.sign_in import LOGIN_IDLE
from portal.services import logins
from portal.state.standing import who_is
from tests.factories import NOW, Otterbrook
from tests.support.databases import SQLiteFiles, fresh
from tests.support.queries import counted_queries

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.use(lambda: NOW)
    yield
    clock.use(None)


def sign_in() -> str:
    with db.unit_of_work() as session:
        family = Otterbrook(session).family()
        return logins.token_hash(logins.open_for_guardian(session, family.guardian_id, "", NOW))


def revoke_elsewhere(url: str) -> None:
    """As another program does: nothing in this process hears of it."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as another:
        another.execute(text("update login_session set revoked_at = last_seen_at"))
    engine.dispose()


async def test_nothing_is_read_while_nothing_is_committed(sqlite_files: SQLiteFiles) -> None:
    db.bind(fresh(sqlite_files))
    login = sign_in()
    first = await who_is(login)

    with counted_queries() as queries:
        assert await who_is(login) == first
    assert first is not None
    assert not queries


async def test_a_login_that_another_program_revokes_is_nobodys_at_the_next_event(fresh_db: str) -> None:
    login = sign_in()
    assert await who_is(login) is not None
    revoke_elsewhere(fresh_db)

    assert await who_is(login) is None


async def test_without_asking_for_commits_a_revoked_login_would_be_let_in(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "mark", lambda: (0, 0))
    login = sign_in()
    await who_is(login)
    revoke_elsewhere(fresh_db)

    assert await who_is(login) is not None


async def test_a_login_is_over_by_the_clock_alone(fresh_db: str) -> None:
    login = sign_in()
    clock.use(lambda: NOW + LOGIN_IDLE - timedelta(seconds=1))
    assert await who_is(login) is not None
    clock.use(lambda: NOW + LOGIN_IDLE)

    assert await who_is(login) is None


async def test_nobody_costs_no_look(fresh_db: str) -> None:
    with counted_queries() as queries:
        assert await who_is("") is None
    assert not queries
