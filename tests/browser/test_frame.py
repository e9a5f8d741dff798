"""What is around every page: the window's title, and lists that start without a line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from portal import db, routes
from tests.support.accessible import scrolls_sideways
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


# Texts of one kind that stand on each other: an amount, a date or a chip on a title.
ON_EACH_OTHER = """() => {
  const seen = [...document.querySelectorAll("main :is(.title, .money, .stamp, h2, .chip)")];
  const boxes = seen.filter((one) => one.checkVisibility()).map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return [one, one.matches(".stamp, .chip") ? one.getBoundingClientRect() : range.getBoundingClientRect()];
  });
  const meet = ([one, a], [other, b]) => one !== other && !one.contains(other) && !other.contains(one)
    && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.filter((box) => boxes.some((other) => meet(box, other))).map(([one]) => one.textContent);
}"""
LONG = {
    "member": ("first_name", "Maximiliane-Wolfeschlegelsteinhausenbergerdorff"),
    "course": ("name", "Donaudampfschifffahrtskurs for advanced beginners and their parents"),
    "payment": ("label", "Donaudampfschifffahrtskurs for advanced beginners and their parents"),
    "provider_settings": ("short_name", "Swimming school by the old mill"),
}


def test_long_names_and_large_amounts_stay_in_their_places(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    with db.bind(f"sqlite:///{fresh_demo.folder / 'portal.db'}").begin() as connection:
        for table, (column, words) in LONG.items():
            connection.execute(text(f"update {table} set {column} = '{words}'"))
        connection.execute(
            text("update payment set amount_minor = amount_minor * 99, received_minor = received_minor * 99")
        )
    page = open_as(fresh_demo, NORA)
    for path in (
        routes.HOME,
        routes.PAYMENTS,
        f"{routes.SESSIONS}?tab=past",
        routes.BENEFITS,
        routes.ACCOUNT,
    ):
        page.goto(f"{fresh_demo.url}{path}")
        page.wait_for_selector('main[data-ready="true"]')
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert not scrolls_sideways(page), (path, width)
            assert page.evaluate(ON_EACH_OTHER) == [], (path, width)


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
