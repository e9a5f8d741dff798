from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.accessible import scrolls_sideways, violations, violations_in_every_look
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"


@pytest.fixture
def benefits(open_as: OpenPage, demo_server: PortalServer) -> Callable[..., Page]:
    def opened(email: str = NORA, path: str = "/benefits", **options: object) -> Page:
        return open_as(demo_server, email, path, **options)

    return opened


def test_everything_is_there_and_accessible(benefits: Callable[..., Page]) -> None:
    page = benefits()

    for part in ("make-ups", "passes", "credit", "discounts"):
        expect(page.get_by_test_id(part)).to_be_visible()
    expect(page.get_by_test_id("credit")).to_contain_text("€20.00")
    expect(page.get_by_role("img", name="6 of 10 entries left")).to_be_visible()
    page.evaluate("for (const folded of document.querySelectorAll('main details')) folded.open = true")
    assert violations_in_every_look(page) == []


def test_choosing_a_child_filters_at_once_and_what_the_family_shares_stays(
    benefits: Callable[..., Page],
) -> None:
    page = benefits()
    page.get_by_test_id("member-switcher").get_by_role("button", name="Theo").click()

    expect(page.get_by_text("Mila has a make-up to use")).to_be_hidden()
    expect(page.get_by_test_id("passes").get_by_role("heading", name="Open Swim pass")).to_be_visible()
    expect(page.get_by_text("Studio practice")).to_be_hidden()
    expect(page.get_by_test_id("credit")).to_contain_text("€20.00")
    expect(page.get_by_role("link", name="Make-ups 0")).to_be_visible()
    page.get_by_test_id("member-switcher").get_by_role("button", name="Everyone").click()
    expect(page.get_by_text("Mila has a make-up to use")).to_be_visible()


def test_a_line_of_the_credit_leads_to_its_order(benefits: Callable[..., Page]) -> None:
    page = benefits()

    page.get_by_test_id("credit").get_by_role("link", name="Used for a swim cap").click()

    page.wait_for_url("**/orders/*")


def test_a_make_up_unfolds_to_what_happened_with_the_keyboard_alone(benefits: Callable[..., Page]) -> None:
    page = benefits()
    row = page.get_by_test_id("make-ups").locator("details").filter(has_text="Make-up booked")

    row.locator("summary").focus()
    page.keyboard.press("Enter")

    expect(row.get_by_text("Booked for")).to_be_visible()
    expect(row.get_by_text("Given for")).to_be_visible()


def test_a_jump_link_goes_to_its_part(benefits: Callable[..., Page]) -> None:
    page = benefits()

    page.get_by_role("link", name="Discounts 1").click()

    expect(page.get_by_test_id("discounts")).to_be_in_viewport()
    assert page.url.endswith("/benefits#discounts")


def test_an_adult_with_a_share_alone_sees_no_money_and_is_told_why(benefits: Callable[..., Page]) -> None:
    page = benefits("ruth@demo.example")

    expect(page.get_by_text("No family of your own here")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("€")
    assert violations(page) == []


def test_nothing_stands_out_of_a_narrow_window(benefits: Callable[..., Page]) -> None:
    assert not scrolls_sideways(benefits(viewport={"width": 360, "height": 740}))


def test_the_first_view_says_what_the_live_page_says(
    benefits: Callable[..., Page], new_context: Callable[..., BrowserContext], demo_server: PortalServer
) -> None:
    live = benefits()
    words = live.locator("main").inner_text()
    first = new_context(storage_state=live.context.storage_state(), java_script_enabled=False).new_page()
    first.goto(f"{demo_server.url}/benefits")

    assert first.locator("main").inner_text() == words
