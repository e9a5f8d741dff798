"""Paying online on a phone, through the demo's gateway, while another parent's window watches."""

import re

from playwright.sync_api import Locator, Page, expect

from portal import routes
from tests.browser.conftest import OpenPage
from tests.support.accessible import violations
from tests.support.portal_server import PortalServer

NORA, SAM = "nora@demo.example", "sam@demo.example"
AT_ONCE = 5000
"""Milliseconds in which the other window follows."""


def told(page: Page) -> Locator:
    return page.get_by_test_id("told")


def to_the_gateway(page: Page, button: str) -> str:
    """Press and be at the payment page; its address."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"**{routes.DEMO_PAY}/*")
    return page.url


def back(page: Page) -> None:
    page.wait_for_url(f"**{routes.PAYMENTS}?checkout=*")
    page.wait_for_selector('main[data-ready="true"]')


def test_everything_is_paid_with_credit_while_another_window_watches(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    nora, sam = open_as(fresh_demo, NORA, "/payments"), open_as(fresh_demo, SAM, "/payments")
    expect(sam.get_by_text("€148.00 to pay")).to_be_visible()
    sam.evaluate("window.stayed = true")

    to_the_gateway(nora, "Pay both, €148.00")
    expect(nora.get_by_role("heading", level=1)).to_have_text("€148.00")
    assert violations(nora) == []
    nora.get_by_role("button", name="Let it fail").click()
    back(nora)
    expect(told(nora)).to_contain_text("Nothing was paid")
    expect(nora.get_by_test_id("to-pay").get_by_role("link")).to_have_count(2)
    assert violations(nora) == []

    nora.get_by_text("Use your credit").locator("visible=true").click()
    assert violations(nora) == []
    to_the_gateway(nora, "Pay both, €128.00")
    nora.get_by_role("button", name="Pay €128.00").click()
    back(nora)

    expect(told(nora)).to_contain_text("Your payment has arrived")
    expect(sam.get_by_test_id("to-pay")).to_contain_text("Nothing to pay", timeout=AT_ONCE)
    expect(sam.get_by_text("€148.00 to pay")).to_have_count(0)
    assert sam.evaluate("window.stayed")
    assert violations(nora) == []
    nora.goto(f"{fresh_demo.url}/benefits")
    expect(nora.get_by_test_id("credit")).not_to_contain_text("€20.00 to use")


def test_a_slow_bank_is_on_its_way_in_every_window_until_the_money_comes(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    nora, sam = open_as(fresh_demo, NORA, "/payments"), open_as(fresh_demo, SAM, "/payments")
    rows = sam.get_by_test_id("to-pay").get_by_role("link")
    expect(rows).to_have_count(2)
    nora.get_by_role("link", name="Ballet Foundations").first.click()

    to_the_gateway(nora, "Pay €62.00 online")
    nora.get_by_role("button", name="Pay by a slow bank").click()
    back(nora)
    expect(told(nora)).to_contain_text("Your money is on its way")
    expect(sam.get_by_text(re.compile("on its way|Processing", re.IGNORECASE)).first).to_be_visible(
        timeout=AT_ONCE
    )
    assert violations(nora) == []

    bank = nora.context.new_page()
    bank.goto(f"{fresh_demo.url}{routes.DEMO_INBOX}")
    bank.get_by_role("link", name="Finish it").click()
    expect(bank.get_by_role("heading", level=1)).to_have_text("€62.00 is on its way")
    assert violations(bank) == []
    bank.get_by_role("button", name="Let the money arrive").click()
    back(bank)
    expect(told(nora)).to_contain_text("Your payment has arrived", timeout=AT_ONCE)
    expect(rows).to_have_count(1, timeout=AT_ONCE)
    expect(sam.get_by_text("€86.00 to pay by")).to_be_visible(timeout=AT_ONCE)
