import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from portal import db
from portal.http import health
from tests.http.conftest import Configure

pytestmark = pytest.mark.anyio


async def asked() -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=health.ROUTES))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/healthz")


async def test_a_well_portal_says_so(fresh_db: str, configured: Configure) -> None:
    response = await asked()

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "schema": "ok", "redis": "not used"}


async def test_redis_is_named(fresh_db: str, configured: Configure, redis_url: str) -> None:
    configured(REDIS_URL=redis_url)
    assert (await asked()).json()["redis"] == "ok"

    configured(REDIS_URL="redis://127.0.0.1:9/0")
    response = await asked()
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "database": "ok", "schema": "ok", "redis": "unreachable"}


async def test_a_database_that_is_away_is_named(configured: Configure) -> None:
    db.bind("postgresql://portal@127.0.0.1:9/portal")

    response = await asked()
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"


async def test_tables_of_another_version_are_named(fresh_db: str, configured: Configure) -> None:
    with db.engine().begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'older'"))

    response = await asked()
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "database": "ok",
        "schema": "out of date",
        "redis": "not used",
    }
