"""Browser fixtures: one Chromium for the run, new windows for each test, sign-in by the demo inbox's code."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from portal import routes
from tests.support import chromium
from tests.support.daylight import ByDay
from tests.support.portal_server import PortalServer, copied, put_back

OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# A test says itself where a time is promised. Elsewhere a machine that does several things at once may be slow.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.installed(), args=chromium.ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open windows that share nothing: new_context(viewport=DESK, color_scheme="dark")."""
    opened: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        defaults = {
            "viewport": PHONE,
            "locale": "en-GB",
            "timezone_id": "Europe/Bratislava",
            "reduced_motion": "reduce",
        }
        opened.append(browser.new_context(**{**defaults, **options}))  # type: ignore[arg-type]
        return opened[-1]

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A new window at phone size, signed out."""
    return new_context().new_page()


@pytest.fixture(scope="session")
def _signed_in_as() -> dict[tuple[Path, str], StorageState]:
    """Signing in is limited per hour, so each person signs in once a portal (a port may come back)."""
    return {}


@pytest.fixture
def open_as(
    new_context: Callable[..., BrowserContext], _signed_in_as: dict[tuple[Path, str], StorageState]
) -> OpenPage:
    """Open a path as somebody: open_as(demo_server, "nora@demo.example", "/payments", viewport=DESK)."""

    def opened(server: PortalServer, email: str, path: str = "/", **options: object) -> Page:
        known = _signed_in_as.get((server.folder, email))
        context = new_context(**options, **({"storage_state": known} if known else {}))
        page = context.new_page()
        if not known:
            _enter(context, server, email)
            _signed_in_as[server.folder, email] = context.storage_state()
        page.goto(f"{server.url}{path}")
        page.wait_for_selector('main[data-ready="true"]')
        return page

    return opened


@pytest.fixture(scope="session")
def _lent(
    built_frontend: None, demo_by_day: ByDay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalServer]:
    data = copied(demo_by_day.folder, tmp_path_factory.mktemp("lent") / "data")
    server = PortalServer.start(data, **demo_by_day.settings)
    yield server
    server.stop()


@pytest.fixture
def fresh_demo(
    _lent: PortalServer, demo_by_day: ByDay, _signed_in_as: dict[tuple[Path, str], StorageState]
) -> PortalServer:
    """A portal to change things in, with the demo as it was made. One test after the other has it."""
    put_back(demo_by_day.folder, _lent.folder)
    for folder, email in [*_signed_in_as]:
        if folder == _lent.folder:
            del _signed_in_as[folder, email]
    return _lent


def _enter(context: BrowserContext, server: PortalServer, email: str) -> None:
    """Sign in without a page; how a person does it is in sign_in() and test_login.py."""
    mails_before, ours = len(server.mails_with_code(email)), {"Origin": server.url}
    context.request.post(f"{server.url}{routes.AUTH_REQUEST}", form={"email": email}, headers=ours)
    code = server.next_code(email, mails_before)
    context.request.post(f"{server.url}{routes.AUTH_CODE}", form={"code": code}, headers=ours)


def sign_in(page: Page, server: PortalServer, email: str) -> None:
    """Sign in by the code in the newest mail, as a person does."""
    mails_before = len(server.mails_with_code(email))
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Continue").click()
    field = page.locator('input[autocomplete="one-time-code"]')
    field.wait_for()
    field.fill(server.next_code(email, mails_before))
    page.keyboard.press("Enter")  # the code sends itself too, and its field is gone then
    # The sign-in page is ready too: leaving it is what says that the code was taken.
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_selector('main[data-ready="true"]')
