"""What is around every page: the window's title, and lists that start without a line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal import routes
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"
TITLES = {
    routes.HOME: "Home",
    routes.PAYMENTS: "Payments",
    routes.SESSIONS: "Sessions",
    routes.BOOKINGS: "Bookings",
    routes.BENEFITS: "Benefits",
    routes.ORDERS: "Orders",
    routes.ACCOUNT: "Your account",
}
TITLE_OF = "(html) => new DOMParser().parseFromString(html, 'text/html').title"
# Whether the first row a person can see in each list has a line above it; null for a list that shows nothing.
LINES = """() => [...document.querySelectorAll("main .rows")].map((list) => {
  const first = [...list.children].find((row) => row.checkVisibility());
  if (!first) return null;
  const line = getComputedStyle(first, "::before");
  return line.content !== "none" && line.display !== "none";
})"""


@pytest.mark.parametrize("path", TITLES)
def test_the_live_page_keeps_the_title_of_its_document(
    open_as: OpenPage, demo_server: PortalServer, path: str
) -> None:
    page = open_as(demo_server, NORA)

    answer = page.goto(f"{demo_server.url}{path}")
    assert answer is not None
    page.wait_for_selector('main[data-ready="true"]')

    assert page.title() == page.evaluate(TITLE_OF, answer.text()) == f"{TITLES[path]} · Otterbrook"


def test_a_click_inside_the_portal_brings_the_same_title(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA, viewport={"width": 1280, "height": 900})

    for name in ("Payments", "Sessions", "Bookings", "Benefits", "Orders"):
        page.get_by_role("navigation", name="Sections").get_by_role("link", name=name).click()
        expect(page).to_have_title(f"{name} · Otterbrook")


def test_a_device_without_a_network_is_told_at_once(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, NORA)
    offline = page.get_by_text("You’re offline.")
    expect(offline).to_have_count(0)

    page.context.set_offline(True)
    expect(offline).to_be_visible()
    page.context.set_offline(False)
    expect(offline).to_have_count(0)


@pytest.mark.parametrize("path", [routes.HOME, routes.BOOKINGS])
def test_no_line_stands_above_the_first_row_a_member_leaves(
    open_as: OpenPage, demo_server: PortalServer, path: str
) -> None:
    page = open_as(demo_server, NORA, path)
    for name in ("Juno", "Mila", "Everyone"):
        choice = page.get_by_test_id("member-switcher").get_by_role("button", name=name)
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")

        shown = [line for line in page.evaluate(LINES) if line is not None]

        assert shown
        assert not any(shown)
