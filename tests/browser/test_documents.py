"""Paying by transfer and taking documents along, in a real browser, as Nora sees the demo."""

import io
import sqlite3

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, OpenPage, sign_in
from tests.support.accessible import violations
from tests.support.pdfs import text_of
from tests.support.portal_server import PortalServer
from tests.support.qr_pictures import read_picture, unpacked

NORA = "nora@demo.example"
AMOUNT, SYMBOL, MESSAGE, ACCOUNT = 3, 6, 10, 12
"""Where they stand among the fields of PAY by square."""


@pytest.fixture
def nora(demo_server: PortalServer, open_as: OpenPage) -> OpenPage:
    """Open a path as Nora: nora("/payments", viewport=DESK)."""
    return lambda path, **options: open_as(demo_server, NORA, path, **options)


def scanned(page: Page, where: str) -> list[str]:
    """The fields of the code as it is drawn on the screen, read from the screen."""
    picture = page.get_by_test_id(where).get_by_role("img", name="QR code with the transfer details")
    return unpacked(read_picture(Image.open(io.BytesIO(picture.screenshot(scale="device")))))


def copied(page: Page, where: str, label: str) -> str:
    """What stands below this label."""
    line = page.get_by_test_id(where).locator(".copy", has_text=label)
    return line.locator("b").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_code_on_the_screen_says_what_stands_beside_it(
    nora: OpenPage, viewport: dict[str, int], scheme: str
) -> None:
    page = nora("/payments", viewport=viewport, color_scheme=scheme, device_scale_factor=2)
    page.get_by_role("link", name="Stroke School 1").first.click()
    expect(page.get_by_test_id("opened")).to_contain_text("Theo, spring sessions")

    fields = scanned(page, "bank-transfer")

    where = "bank-transfer"
    assert (fields[AMOUNT], copied(page, where, "Amount")) == ("86.00", "€86.00")
    assert fields[SYMBOL] == copied(page, where, "Variable symbol")
    assert fields[MESSAGE] == f"{copied(page, where, 'Reference')} Stroke School 1, Theo"
    assert fields[ACCOUNT] == copied(page, where, "IBAN").replace(" ", "")


def test_everything_due_goes_in_one_transfer(nora: OpenPage) -> None:
    page = nora("/payments", device_scale_factor=2)
    page.get_by_text("All of it in one bank transfer").click()

    fields = scanned(page, "transfer-of-all")

    assert fields[AMOUNT] == "148.00"
    assert fields[SYMBOL].startswith("9")
    assert violations(page) == []


def test_what_is_paid_has_no_code(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)
    page.get_by_role("link", name="Spanish Starters").first.click()
    expect(page.get_by_test_id("opened")).to_contain_text("Spanish Starters")
    expect(page.get_by_test_id("bank-transfer")).to_have_count(0)


def test_the_invoice_of_a_payment_is_a_click_away(nora: OpenPage) -> None:
    page = nora("/payments", viewport=DESK)
    link = page.get_by_role("link", name="Download PDF of INV")

    answer = page.request.get(f"{page.url.partition('/payments')[0]}{link.get_attribute('href')}")

    assert answer.headers["content-type"] == "application/pdf"
    assert "Ballet Foundations" in text_of(answer.body())


def test_an_order_brings_its_invoice_and_its_receipt(nora: OpenPage) -> None:
    page = nora("/orders", viewport=DESK)
    page.get_by_role("link", name="Open Swim pass").first.click()

    opened = page.get_by_test_id("opened")
    expect(opened.get_by_role("link", name="Invoice")).to_be_visible()
    expect(opened.get_by_role("link", name="Receipt")).to_be_visible()
    expect(page.get_by_role("region", name="Buyer")).to_contain_text("The invoice has its number")
    assert violations(page) == []


def test_a_buyer_is_named_until_the_invoice_has_its_number(fresh_demo: PortalServer, page: Page) -> None:
    with sqlite3.connect(fresh_demo.folder / "portal.db") as data:
        data.execute("delete from invoice")
    sign_in(page, fresh_demo, NORA)
    page.goto(f"{fresh_demo.url}/orders")
    page.get_by_role("link", name="Stroke School 1").first.click()

    page.get_by_role("button", name="Change the buyer").click()
    asked = page.get_by_role("dialog", name="Who is the buyer?")
    expect(asked.get_by_label("Name")).to_have_value("Nora Vale")
    assert violations(page) == []
    asked.get_by_label("Name").fill("Quarry Works, s. r. o.")
    asked.get_by_label("Company number").fill("124")
    asked.get_by_role("button", name="Save the buyer").click()

    expect(asked).to_have_count(0)
    expect(page.get_by_text("The invoice will be to Quarry Works, s. r. o.")).to_be_visible()
    buyer = page.get_by_role("region", name="Buyer")
    expect(buyer).to_contain_text("Quarry Works, s. r. o.")
    expect(buyer).to_contain_text("124")


def test_consents_and_attendance_can_be_taken_along(nora: OpenPage) -> None:
    page = nora("/account", viewport=DESK)
    expect(page.get_by_role("link", name="Download as PDF")).to_have_attribute(
        "href", "/documents/consents.pdf"
    )

    page = nora("/bookings", viewport=DESK)
    page.get_by_role("link", name="Ballet Foundations").first.click()
    expect(page.get_by_role("link", name="Attendance, PDF")).to_be_visible()
