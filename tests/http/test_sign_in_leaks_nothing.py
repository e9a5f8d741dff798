"""A canary through every way of signing in: what opens a door is in no log and in no wrong table."""

import logging

import pytest

from portal import db
from portal.actor import SYSTEM
from portal.models.access import LoginSession
from portal.services import audit
from tests.factories import NOW, Otterbrook
from tests.http.conftest import SECRET, Portal
from tests.support.canaries import LOG, found, places
from tests.support.sign_in_forms import ask, code

pytestmark = pytest.mark.anyio
CANARY = "canary.nora@vale.example"
MAY_HOLD_THE_EMAIL = {"guardian", "login_challenge", "login_failure", "outbox_message", "demo_mail"}
MAY_HOLD_THE_MESSAGE = {"demo_mail"}


async def test_no_log_and_no_wrong_table_holds_email_code_link_or_cookie(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = await _everything_was_done(portal, caplog)

    where = places(caplog.text)
    assert "a sign_in message to a guardian" in where[LOG], "the log is looked at"
    assert found(secrets, where) == MAY_HOLD_THE_MESSAGE, (
        "where they must be they are found, and nowhere else"
    )
    assert {"guardian", "demo_mail"} <= found([CANARY], where) <= MAY_HOLD_THE_EMAIL
    assert found([SECRET], where) == set()


async def test_a_leak_is_found_in_the_log_and_in_any_table(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    """The control of the proof above."""
    first_code, _, link, _, cookie, *_ = secrets = await _everything_was_done(portal, caplog)
    logging.getLogger("portal").info("signed in with %s", link)
    with db.unit_of_work() as session:
        audit.note(session, SYSTEM, None, "signed_in", "", NOW, detail=f"{CANARY} with {first_code}")
        session.add(_session_that_names_its(cookie, portal))

    where = places(caplog.text)
    assert found([link], where) == {LOG, *MAY_HOLD_THE_MESSAGE}
    assert found([cookie], where) == {"login_session"}
    assert found([CANARY], where) - MAY_HOLD_THE_EMAIL == {"audit_entry"}
    assert found(secrets, where) == {LOG, "audit_entry", "login_session", *MAY_HOLD_THE_MESSAGE}


def _session_that_names_its(cookie: str, portal: Portal) -> LoginSession:
    return LoginSession(
        token_hash="0" * 64,
        guardian_id=portal.family.guardian_id,
        browser=cookie,
        created_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW,
    )


async def _everything_was_done(portal: Portal, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.set_level(logging.WARNING, "httpx")  # the browser of these tests, which is not the portal
    caplog.set_level(logging.DEBUG)
    with db.unit_of_work() as session:
        Otterbrook(session).family("Canary", email=CANARY)
    return await every_way_of_signing_in(portal)


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
    as_read = [f"{mail.code[:3]} {mail.code[3:]}" for mail in (first, second)]
    return [first.code, second.code, *links, *cookies, *as_read]
