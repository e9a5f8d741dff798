"""The pictures of docs/screenshots: the demo provider on a Thursday in March, as its guardian sees it."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from portal.settings import ROOT
from tests.support.chromium import ARGUMENTS, installed
from tests.support.portal_server import PortalServer, demo_folder

NOW = "2026-03-12T14:10:00+01:00"
GUARDIAN = "nora@demo.example"
PAGES = ("home", "payments", "sessions", "bookings", "booking", "benefits", "orders", "account")
SIZES = {"390": (390, 844), "1280": (1280, 900)}
FOLDER = ROOT / "docs" / "screenshots"


def main() -> None:
    """Make a demo of that day, sign in, and take every picture, light and dark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = PortalServer.start(demo_folder(Path(folder), PORTAL_NOW=NOW), PORTAL_NOW=NOW)
        try:
            _take_all(server)
        finally:
            server.stop()


def _take_all(server: PortalServer) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        for size in SIZES:
            _take(browser, server, size, "light", PAGES)
            _take(browser, server, size, "dark", ("home",))
        browser.close()


def _take(browser: Browser, server: PortalServer, size: str, theme: str, names: tuple[str, ...]) -> None:
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    sign_in(page, server)
    for name in names:
        page.set_viewport_size({"width": width, "height": height})
        _open(page, server, name)
        # As tall as the page, so that the quick menu stands at its end and not across it.
        whole = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": whole})
        page.screenshot(
            path=FOLDER / f"{name}-{size}{'-dark' if theme == 'dark' else ''}.png", full_page=True
        )
    page.close()


def sign_in(page: Page, server: PortalServer) -> None:
    """As the demo's guardian, by the code in the newest mail."""
    before = len(server.mails_with_code(GUARDIAN))
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail").fill(GUARDIAN)
    page.get_by_role("button", name="Continue").click()
    field = page.locator('input[autocomplete="one-time-code"]')
    field.fill(server.next_code(GUARDIAN, before))
    field.press("Enter")
    page.wait_for_url(re.compile(r"/$"))


def _open(page: Page, server: PortalServer, name: str) -> None:
    """A whole new page each time: within the portal, the `main` of the page that is left is ready too."""
    page.goto(f"{server.url}{_path(page, name)}")
    page.wait_for_selector('main[data-ready="true"]')


def _path(page: Page, name: str) -> str:
    """One booking is the first of the list, which comes before it in PAGES."""
    if name == "booking":
        return page.locator("a.bk").first.get_attribute("href") or ""
    return "/" if name == "home" else f"/{name}"


if __name__ == "__main__":
    main()
