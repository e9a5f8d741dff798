"""The file with everything that is held, fetched with the login cookie alone."""

import io
import zipfile
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from portal import db, routes
from portal.http import my_data
from portal.http.cookies import SESSION
from portal.models.people import AuditEntry
from portal.services import logins
from tests.factories import NOW, Household, Otterbrook
from tests.http.conftest import Configure, StillClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def vale(fresh_db: str) -> Household:
    with db.unit_of_work() as session:
        return Otterbrook(session).family("Vale", "Mila")


@pytest.fixture
async def browser(
    vale: Household, configured: Configure, still_clock: StillClock
) -> AsyncIterator[httpx.AsyncClient]:
    """Nora’s, signed in."""
    with db.unit_of_work() as session:
        cookie = {SESSION: logins.open_for_guardian(session, vale.guardian_id, "", NOW)}
    app = httpx.ASGITransport(Starlette(routes=my_data.ROUTES))
    async with httpx.AsyncClient(transport=app, base_url="http://localhost:8300", cookies=cookie) as client:
        yield client


def exports() -> int:
    with db.reading() as session:
        return list(session.exec(select(AuditEntry.action)).all()).count("data.exported")


async def test_one_click_is_a_file_of_json_and_csv_that_no_cache_keeps(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(routes.EXPORT, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    names = set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert names >= {"data.json", "guardian.csv", "family.csv", "member.csv"}
    assert exports() == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_of_somebody_else_makes_no_export(browser: httpx.AsyncClient, site: str) -> None:
    assert (await browser.get(routes.EXPORT, headers={"Sec-Fetch-Site": site})).status_code == 403
    assert exports() == 0


async def test_whoever_is_signed_out_signs_in_first(browser: httpx.AsyncClient) -> None:
    browser.cookies.clear()

    answer = await browser.get(routes.EXPORT)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/account")
    assert exports() == 0


async def test_a_database_that_is_away_is_said(browser: httpx.AsyncClient) -> None:
    db.bind("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert (await browser.get(routes.EXPORT)).status_code == 503
