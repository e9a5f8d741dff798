"""A private calendar link made, copied, followed by a program and ended, on a phone."""

import httpx
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.support.accessible import scrolls_sideways, violations_in_every_look
from tests.support.portal_server import PortalServer
from tests.support.strict_calendar import events, read

NORA = "nora@demo.example"


def test_a_link_is_made_copied_followed_and_ended(fresh_demo: PortalServer, open_as: OpenPage) -> None:
    page = open_as(fresh_demo, NORA, "/sessions", permissions=["clipboard-read", "clipboard-write"])
    card = page.get_by_test_id("calendar-card").locator("visible=true")
    card.get_by_role("button", name="Subscribe").click()
    sheet = page.get_by_test_id("calendar-sheet")
    expect(sheet.get_by_role("link", name="Subscribe")).to_be_visible()
    sheet.get_by_role("button", name="Copy link").click()
    expect(sheet.get_by_text("Link copied")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")

    followed = httpx.get(address)
    assert followed.status_code == 200
    assert any(event.summary.value.startswith("Mila: ") for event in events(read(followed.content)))
    assert address not in page.content()

    sheet.get_by_text("Reminders, new link").click()
    sheet.get_by_role("button", name="2 hours before").click()
    expect(sheet.get_by_text("reminds you 2 hours before")).to_be_visible()
    assert b"TRIGGER:-PT2H" in httpx.get(address).content
    assert violations_in_every_look(page) == []
    page.set_viewport_size({"width": 360, "height": 640})
    assert not scrolls_sideways(page)

    sheet.get_by_role("button", name="Stop this link").click()
    expect(page.get_by_test_id("toast")).to_contain_text("That link has stopped working.")
    assert httpx.get(address).status_code == 404
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("toast")).to_contain_text("The link works again.")
    assert httpx.get(address).status_code == 200

    log = fresh_demo.log()
    assert address.rpartition("/")[2].removesuffix(".ics") not in log


def test_a_session_is_added_from_the_bookings_own_list(demo_server: PortalServer, open_as: OpenPage) -> None:
    page = open_as(demo_server, NORA, "/bookings")
    page.get_by_role("link", name="Little Waves 2").first.click()
    quick = page.get_by_role("navigation", name="Quick menu of this booking")
    quick.get_by_role("link", name="Sessions").click()
    add = page.get_by_role("link", name="to your calendar").first
    with page.expect_download() as download:
        add.click()
    assert download.value.suggested_filename == "session.ics"
    assert len(events(read(download.value.path().read_bytes()))) == 1
