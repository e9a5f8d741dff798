"""The forms of signing in, as a browser sends them."""

import httpx

from portal import db
from portal.http.cookies import token_from
from portal.services.logins import actor_of
from tests.factories import NOW
from tests.http.conftest import Portal

NORA = "nora@vale.example"


async def ask(browser: httpx.AsyncClient, email: str = NORA, **more: str) -> httpx.Response:
    return await browser.post("/auth/request", data={"email": email, **more})


async def code(browser: httpx.AsyncClient, typed: str) -> httpx.Response:
    return await browser.post("/auth/code", data={"code": typed})


async def signed_in(portal: Portal, **headers: str) -> httpx.AsyncClient:
    browser = portal.browser(**headers)
    await ask(browser)
    await code(browser, portal.newest_mail().code)
    return browser


def is_signed_in(browser: httpx.AsyncClient) -> bool:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with db.reading() as session:
        return actor_of(session, token_from(cookie), NOW) is not None


def problem(response: httpx.Response) -> str:
    return httpx.URL(response.headers["location"]).params.get("problem", "")
