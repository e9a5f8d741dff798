import pytest

from tests.http.conftest import Configure, Portal
from tests.support.sign_in_forms import NORA, ask

pytestmark = pytest.mark.anyio


async def test_the_inbox_holds_what_a_program_needs_newest_first(portal: Portal) -> None:
    browser = portal.browser()
    for _ in range(2):
        await ask(browser)
        portal.newest_mail()
    newest, older = (await browser.get("/demo/inbox.json", params={"to": NORA.upper()})).json()

    assert set(newest) == {"to", "subject", "text", "html", "code", "link", "sent_at"}
    assert newest["to"] == NORA
    assert len(newest["code"]) == 6
    assert newest["code"] != older["code"]
    assert newest["link"].startswith("http://localhost:8300/auth/link/")
    assert newest["link"] in newest["html"]
    assert (await browser.get("/demo/inbox.json?to=sam@vale.example")).json() == []


async def test_the_page_shows_code_and_link(portal: Portal) -> None:
    browser = portal.browser()
    assert "No message yet" in (await browser.get("/demo/inbox")).text
    await ask(browser)
    mail = portal.newest_mail()

    page = (await browser.get("/demo/inbox")).text
    assert mail.code in page
    assert f'href="{mail.link}"' in page


async def test_outside_a_demo_there_is_no_inbox(portal: Portal, configured: Configure) -> None:
    configured(
        PORTAL_DEMO="0",
        PORTAL_URL="https://portal.example",
        MAIL_URL="smtp://mail.example",
        MAIL_FROM="a@portal.example",
    )

    assert (await portal.browser().get("/demo/inbox")).status_code == 404
    assert (await portal.browser().get("/demo/inbox.json")).status_code == 404
