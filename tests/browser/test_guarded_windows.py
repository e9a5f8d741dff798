"""The headers and the live windows as a real browser takes them."""

from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal import routes
from tests.browser.conftest import DESK, OpenPage
from tests.support.portal_server import PortalServer

NORA = "nora@demo.example"
PAGES = (
    *(routes.HOME, routes.PAYMENTS, routes.SESSIONS, routes.BOOKINGS, routes.BENEFITS, routes.ORDERS),
    *(routes.ACCOUNT, routes.NOT_FOUND),
)


def heard_from(page: Page) -> list[str]:
    """What the browser complains about from now on."""
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_finds_nothing_that_the_policy_forbids(
    open_as: OpenPage, demo_server: PortalServer, path: str
) -> None:
    page = open_as(demo_server, NORA, viewport=DESK)
    complaints = heard_from(page)
    page.goto(f"{demo_server.url}{path}", wait_until="networkidle")

    assert [one for one in complaints if "404 (Not Found)" not in one] == []


def test_a_script_that_somebody_smuggles_in_does_not_run(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA)
    complaints = heard_from(page)
    page.evaluate(
        """() => { const smuggled = document.createElement('script');
        smuggled.textContent = 'document.title = "smuggled"'; document.body.append(smuggled); }"""
    )

    assert page.title() != "smuggled"
    assert any("Content Security Policy" in one for one in complaints)


def test_a_choice_in_one_window_shows_in_the_other_within_a_second(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    here = open_as(demo_server, NORA, viewport=DESK)
    there = here.context.new_page()
    there.goto(demo_server.url)
    there.wait_for_selector('main[data-ready="true"]')
    begun = monotonic()
    here.get_by_test_id("member-switcher").get_by_role("button", name="Mila").click()
    chosen = there.get_by_test_id("member-switcher").get_by_role("button", name="Mila")
    expect(chosen).to_have_attribute("aria-pressed", "true", timeout=1000)

    assert monotonic() - begun < 1
    here.get_by_test_id("member-switcher").get_by_role("button", name="Everyone").click()


def test_signing_out_in_one_window_empties_the_other(
    new_context: Callable[..., BrowserContext], open_as: OpenPage, demo_server: PortalServer
) -> None:
    here = open_as(demo_server, "sam@demo.example", viewport=DESK)
    there = here.context.new_page()
    there.goto(demo_server.url)
    there.wait_for_selector('main[data-ready="true"]')
    here.evaluate("fetch('/auth/sign-out', {method: 'POST', redirect: 'manual'})")
    there.wait_for_url("**/login*", timeout=2000)

    expect(there.get_by_label("E-mail")).to_be_visible()
    assert "Mila" not in there.content()
