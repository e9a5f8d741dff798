"""What is pressed before the page's script is there is not lost, and nothing else is pressed in its place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"
PRESSES = (
    """addEventListener("click", ({ target }) => (window.pressed ??= []).push(target.textContent), true);"""
)
READY = 'main[data-ready="true"]'


@contextmanager
def without_scripts(page: Page, address: str) -> Iterator[None]:
    """The page as it came in the document; its scripts come when the block ends."""
    waiting: list[Route] = []
    coming = False

    def asked_for(script: Route) -> None:
        if coming:
            script.continue_()
        else:
            waiting.append(script)

    page.route("**/assets/*.js", asked_for)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#main h1")
    yield
    assert page.locator(READY).count() == 0, "pressed before the script was there"
    coming = True
    for script in waiting:
        script.continue_()
    page.wait_for_selector(READY)


def test_a_member_is_shown_at_once_and_kept(fresh_demo: PortalServer, open_as: OpenPage) -> None:
    page = open_as(fresh_demo, NORA)
    juno = page.get_by_test_id("member-switcher").get_by_role("button", name="Juno")

    with without_scripts(page, fresh_demo.url):
        page.get_by_test_id("member-switcher").get_by_role("button", name="Theo").click()
        juno.click()
        expect(juno).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="Everyone")).to_have_attribute("aria-pressed", "false")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Juno")
        page.get_by_role("button", name="your account").click()

    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    expect(juno).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("quick-menu").get_by_role("link", name="Bookings").click()
    expect(juno).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("path", "words"), [("/sessions", "Can’t come"), ("booking", "Share")])
def test_a_button_opens_its_sheet_as_soon_as_it_can(
    open_as: OpenPage, demo_server: PortalServer, path: str, words: str
) -> None:
    page = open_as(demo_server, NORA, "/bookings")
    if path == "booking":  # its page is drawn anew, with other elements
        path = _first_booking(page)
    button = page.locator("button:visible", has_text=words).first

    with without_scripts(page, f"{demo_server.url}{path}"):
        button.focus()
        button.press("Enter")
        button.press("Enter")

    expect(page.locator("dialog[open]")).to_have_count(1)


def test_what_stands_there_by_then_is_not_pressed_for_something_else(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA, "/bookings")
    address = demo_server.url + _first_booking(page)
    other = page.request.get(address).text().replace(">Share<", ">Something else<")
    page.route(address, lambda route: route.fulfill(body=other, content_type="text/html"))
    page.add_init_script(PRESSES)

    with without_scripts(page, address):
        page.get_by_role("button", name="Something else").first.click()

    expect(page.get_by_role("button", name="Share", exact=True)).to_be_visible()
    pressed = page.evaluate("() => new Promise((done) => setTimeout(() => done(window.pressed)))")
    assert pressed == ["Something else"]


def _first_booking(page: Page) -> str:
    return page.get_by_test_id("bookings").locator("a").first.get_attribute("href") or ""
