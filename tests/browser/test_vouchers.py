"""A voucher code is typed on a phone, and the order keeps what it took off."""

from playwright.sync_api import expect

from portal.demo.house import VOUCHER
from tests.browser.conftest import OpenPage
from tests.support.accessible import violations
from tests.support.portal_server import PortalServer


def test_a_code_changes_the_price_before_the_press_and_is_on_the_receipt(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    page = open_as(fresh_demo, "nora@demo.example")
    page.get_by_test_id("nudges").get_by_role("link", name="See the offer").click()
    page.get_by_role("button", name="Enrol").click()
    sheet = page.get_by_test_id("offer-sheet")
    expect(sheet.get_by_role("button", name="Enrol Juno for €89.10")).to_be_visible()

    sheet.get_by_text("I have a voucher code").click()
    sheet.get_by_label("Voucher code").fill("SPLASH")
    sheet.get_by_role("button", name="Use it").click()
    expect(sheet.get_by_text("We do not know this code.")).to_be_visible()
    expect(sheet.get_by_role("button", name="Enrol Juno for €89.10")).to_be_visible()
    assert violations(page) == []

    sheet.get_by_label("Voucher code").fill(VOUCHER.lower())
    sheet.get_by_role("button", name="Use it").click()
    sheet.get_by_role("button", name="Enrol Juno for €84.10").click()

    expect(page.get_by_test_id("toast")).to_contain_text("Juno is enrolled in Jazz Juniors.")
    expect(page.locator("#payments")).to_contain_text("€84.10")
    page.goto(f"{fresh_demo.url}/orders")
    page.get_by_role("link", name="Jazz Juniors, Juno").click()
    for line in ("Sibling discount, 10%", "Splash voucher, €5.00", "−€5.00", "€84.10"):
        expect(page.locator("main")).to_contain_text(line)
