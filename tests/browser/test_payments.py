"""The payments page in a real browser, as Nora sees the demo."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.support.accessible import scrolls_sideways, violations
from tests.support.portal_server import PortalServer

NORA = "nora@demo.example"
EACH_SIZE = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def nora(demo_server: PortalServer, open_as: OpenPage) -> OpenPage:
    """Open a path as Nora: nora("/payments", viewport=DESK)."""
    return lambda path, **options: open_as(demo_server, NORA, path, **options)


def opened(page: Page) -> str:
    return page.get_by_test_id("opened").inner_text()


@EACH_SIZE
def test_what_is_to_pay_stands_first(nora: OpenPage, viewport: dict[str, int]) -> None:
    page = nora("/payments", viewport=viewport)

    expect(page.get_by_role("heading", level=1)).to_have_text("Payments")
    expect(page.get_by_text("€148.00 to pay. One payment is overdue.")).to_be_visible()
    rows = page.get_by_test_id("to-pay").get_by_role("link")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Ballet Foundations")
    expect(rows.first).to_contain_text("Overdue by 6 days")
    expect(rows.last).to_contain_text("€86.00")


@EACH_SIZE
def test_the_quick_menu_counts_what_waits(nora: OpenPage, viewport: dict[str, int]) -> None:
    page = nora("/payments", viewport=viewport)

    expect(
        page.get_by_role("link", name=re.compile("Payments ?2 unpaid")).locator("visible=true")
    ).to_have_count(1)


def test_on_a_phone_a_payment_opens_alone_and_leads_back(nora: OpenPage) -> None:
    page = nora("/payments")
    expect(page.get_by_test_id("opened")).to_be_hidden()

    page.get_by_role("link", name="Stroke School 1").click()

    expect(page).to_have_url(re.compile(r"/payments\?open=\w+$"))
    expect(page.get_by_test_id("opened")).to_contain_text("Theo, spring sessions")
    expect(page.get_by_test_id("to-pay")).to_be_hidden()
    page.locator(".back").click()
    expect(page.get_by_test_id("to-pay")).to_be_visible()
    expect(page.get_by_test_id("opened")).to_be_hidden()


def test_on_a_desk_a_payment_opens_beside_the_list(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)
    expect(page.get_by_test_id("opened")).to_contain_text("Ballet Foundations")

    page.get_by_role("link", name="Spanish Starters").first.click()

    expect(page.get_by_test_id("opened")).to_contain_text("Spanish Starters")
    expect(page.get_by_role("link", name="Spanish Starters").first).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.get_by_test_id("opened")).to_contain_text("Ballet Foundations")


def test_an_opened_payment_has_an_address_of_its_own(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)
    page.get_by_role("link", name="Spanish Starters").first.click()
    expect(page.get_by_test_id("opened")).to_contain_text("Spanish Starters")
    before = opened(page)

    page.reload()
    page.wait_for_selector('main[data-ready="true"]')

    assert opened(page) == before


def test_a_payment_opens_from_the_keyboard(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)

    page.get_by_role("link", name="Spanish Starters").first.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("opened")).to_contain_text("Spanish Starters")
    expect(page.get_by_role("link", name="Spanish Starters").first).to_be_focused()


def test_a_bank_detail_is_copied_and_said(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    expect(page.get_by_test_id("bank-transfer")).to_be_visible()

    page.get_by_role("button", name="Copy IBAN").click()

    expect(page.get_by_role("status").get_by_text("IBAN copied")).to_be_visible()
    assert re.fullmatch(r"[A-Z]{2}\d{22}", page.evaluate("navigator.clipboard.readText()"))


def test_a_browser_that_refuses_to_copy_is_told_about(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")

    page.get_by_role("button", name="Copy IBAN").click()

    expect(page.get_by_role("status").get_by_text("Could not copy")).to_be_visible()


def test_a_payment_that_is_not_theirs_is_not_found(nora: OpenPage) -> None:
    page = nora("/payments?open=notnorasatall")

    expect(page.get_by_role("heading", name="There is no such page").first).to_be_visible()
    expect(page.get_by_test_id("to-pay")).to_have_count(0)


def test_an_adult_with_a_share_sees_no_money(demo_server: PortalServer, open_as: OpenPage) -> None:
    page = open_as(demo_server, "ruth@demo.example", "/payments")

    expect(page.get_by_role("heading", name="No payments to show")).to_be_visible()
    assert "€" not in page.inner_text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EACH_SIZE
def test_it_is_accessible_and_fits(nora: OpenPage, viewport: dict[str, int], scheme: str) -> None:
    page = nora("/payments", viewport=viewport, color_scheme=scheme)
    assert violations(page) == []

    page.get_by_role("link", name="Ballet Foundations").first.click()
    page.wait_for_url("**/payments?open=*")
    expect(page.get_by_test_id("opened")).to_be_visible()

    assert violations(page) == []


@pytest.mark.parametrize("path", ["/payments", "/orders"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_scrolls_sideways(nora: OpenPage, path: str, width: int) -> None:
    assert not scrolls_sideways(nora(path, viewport={"width": width, "height": 800}))
