"""The orders pages in a real browser, as Nora sees the demo."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.support.accessible import scrolls_sideways, violations
from tests.support.portal_server import PortalServer

EACH_SIZE = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def nora(demo_server: PortalServer, open_as: OpenPage) -> OpenPage:
    """Open a path as Nora: nora("/orders", viewport=DESK)."""
    return lambda path, **options: open_as(demo_server, "nora@demo.example", path, **options)


@EACH_SIZE
def test_the_summary_counts_unpaid_and_paid_orders(nora: OpenPage, viewport: dict[str, int]) -> None:
    page = nora("/orders", viewport=viewport)

    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(page.get_by_test_id("orders-summary")).to_have_text(re.compile(r"To pay\s*2\s*€148\.00 due now"))
    expect(page.get_by_role("link", name="Ballet Foundations, Juno")).to_contain_text(
        "€62.00 of €186.00 paid"
    )


def test_on_a_phone_an_order_opens_alone_and_leads_back(nora: OpenPage) -> None:
    page = nora("/orders")
    expect(page.get_by_test_id("opened")).to_be_hidden()

    page.get_by_role("link", name="Open Swim pass, swim cap").click()

    expect(page).to_have_url(re.compile(r"/orders/\w+$"))
    expect(page.get_by_test_id("opened")).to_contain_text(re.compile(r"Paid by card\s*€75\.00"))
    expect(page.get_by_test_id("orders-summary")).to_be_hidden()
    page.locator(".back").click()
    expect(page.get_by_test_id("orders-summary")).to_be_visible()


def test_on_a_desk_an_order_opens_beside_the_list_with_its_passes(nora: OpenPage) -> None:
    page = nora("/orders", viewport=DESK)

    page.get_by_role("link", name="Open Swim pass, swim cap").click()

    expect(page.get_by_role("region", name="Open Swim pass")).to_contain_text("6entries left until")
    expect(page.get_by_test_id("orders-summary")).to_be_visible()


def test_an_order_leads_to_its_payment_and_the_payment_back_to_its_order(nora: OpenPage) -> None:
    page = nora("/orders", viewport=DESK)
    page.get_by_role("link", name="Ballet Foundations, Juno").click()
    page.get_by_role("link", name="Instalment 2 of 3").click()
    expect(page.get_by_test_id("opened")).to_contain_text("Juno, instalment 2 of 3")

    page.get_by_role("link", name=re.compile(r"^OT-\d+$")).click()

    expect(page.get_by_test_id("opened")).to_contain_text(re.compile(r"Still to pay\s*€124\.00"))


def test_an_order_opens_from_the_keyboard(nora: OpenPage) -> None:
    page = nora("/orders", viewport=DESK)

    page.get_by_role("link", name="Spanish Starters, Theo").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("opened")).to_contain_text("Sibling discount, 10%")


def test_an_order_that_is_not_theirs_is_not_found(nora: OpenPage) -> None:
    page = nora("/orders/notnorasatall")

    expect(page.get_by_role("heading", name="There is no such page").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@EACH_SIZE
def test_it_is_accessible(nora: OpenPage, viewport: dict[str, int], scheme: str) -> None:
    page = nora("/orders", viewport=viewport, color_scheme=scheme)
    assert violations(page) == []

    page.get_by_role("link", name="Open Swim pass, swim cap").click()
    page.wait_for_url("**/orders/*")
    expect(page.get_by_test_id("opened")).to_contain_text("Paid by card")

    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_an_opened_order_never_scrolls_sideways(nora: OpenPage, width: int) -> None:
    page = nora("/orders", viewport={"width": width, "height": 800})
    page.get_by_role("link", name="Open Swim pass, swim cap").click()
    page.wait_for_url("**/orders/*")

    assert not scrolls_sideways(page)
