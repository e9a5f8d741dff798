"""A canary through every way of signing in: what opens a door is in no log and in no wrong table."""

import logging

import pytest
from sqlalchemy import inspect, text

from portal import db
from tests.factories import Otterbrook
from tests.http.conftest import SECRET, Portal
from tests.http.test_auth import ask, code

pytestmark = pytest.mark.anyio
CANARY = "canary.nora@vale.example"
MAY_HOLD_THE_EMAIL = {"guardian", "login_challenge", "login_failure", "outbox_message", "demo_mail"}
MAY_HOLD_THE_MESSAGE = {"demo_mail"}


async def test_no_log_and_no_wrong_table_holds_email_code_link_or_cookie(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "httpx")  # the browser of these tests, which is not the portal
    caplog.set_level(logging.DEBUG)
    with db.unit_of_work() as session:
        Otterbrook(session).family("Canary", email=CANARY)
    secrets = await every_way_of_signing_in(portal)

    assert "a sign_in message to a guardian" in caplog.text, "the log is looked at"
    for secret in (*secrets, CANARY, SECRET):
        assert secret not in caplog.text
    for table, content in _tables().items():
        assert CANARY not in content or table in MAY_HOLD_THE_EMAIL, table
        for secret in secrets:
            assert secret not in content or table in MAY_HOLD_THE_MESSAGE, table


async def every_way_of_signing_in(portal: Portal) -> list[str]:
    """Requests, right and wrong codes, links, signing out; what must not be seen again afterwards."""
    browser = portal.browser()
    await ask(browser, CANARY, next="/payments?open=canary")
    first = portal.newest_mail(CANARY)
    await code(browser, "000000")
    await code(browser, first.code)
    cookies = list(browser.cookies.values())
    await browser.post("/auth/sign-out")
    await ask(browser, CANARY)
    cookies += browser.cookies.values()
    second = portal.newest_mail(CANARY)
    await browser.get(second.link)
    await browser.post("/auth/link", data={"token": second.link.rpartition("/")[2]})
    await browser.post("/auth/link", data={"token": second.link.rpartition("/")[2]})
    cookies += browser.cookies.values()
    await browser.post("/auth/sign-out-everywhere")
    for _ in range(6):
        await ask(browser, CANARY)
    links = [mail.link.rpartition("/")[2] for mail in (first, second)]
    return [first.code, second.code, *links, *cookies]


def _tables() -> dict[str, str]:
    with db.engine().connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: str(connection.execute(text(f'select * from "{name}"')).all()) for name in names}
