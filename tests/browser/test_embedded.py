"""Inside the provider's own website: another site's page shows the portal in a frame, over TLS as on the internet."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from portal import clock, db
from portal.actor import SYSTEM
from portal.demo.texts import CONSENTS
from portal.services import consents, provider
from tests.support import chromium
from tests.support.people import guardians
from tests.support.portal_server import PortalServer, copied
from tests.support.processes import free_port
from tests.support.tls_front import tls_fronts

NewContext = Callable[..., BrowserContext]
READY = 'main[data-ready="true"]'
PORTAL = "portal.localhost"
"""A name as on the internet: of "localhost" itself the framework takes another port to be meant."""


SNIPPET = """<script>addEventListener("message", ({ source, data }) => {
  const frame = document.getElementById("portal");
  if (source === frame.contentWindow && data.portalHeight) frame.height = data.portalHeight;
});</script>"""
"""What makes the frame as tall as its page."""


class Quiet(SimpleHTTPRequestHandler):
    """The provider's website."""

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def website(
    built_frontend: None, demo_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[PortalServer, str]]:
    """A portal that asks for its consents anew, and the address of the website that shows it in a frame."""
    folder = tmp_path_factory.mktemp("website")
    portal_port, outside, site, site_outside = (free_port() for _ in range(4))
    server = PortalServer.start(
        copied(demo_data, folder / "data"), PORT=str(portal_port), PORTAL_URL=f"https://{PORTAL}:{outside}"
    )
    address = f"https://127.0.0.1:{site_outside}"
    _set_up(server, address)
    (folder / "page").mkdir()
    frame = f'<iframe id="portal" width="390" height="800" src="https://{PORTAL}:{outside}/"></iframe>'
    (folder / "page/index.html").write_text(f"<!doctype html><title>Otterbrook</title>{frame}{SNIPPET}")
    pages = ThreadingHTTPServer(("127.0.0.1", site), partial(Quiet, directory=str(folder / "page")))
    Thread(target=pages.serve_forever, daemon=True).start()
    with tls_fronts((outside, portal_port), (site_outside, site)):
        yield server, address
    pages.shutdown()
    pages.server_close()
    server.stop()


def _set_up(server: PortalServer, website: str) -> None:
    engine = db.bind(f"sqlite:///{server.folder}/portal.db")
    with db.unit_of_work() as session:
        provider.save(session, SYSTEM, {"allowed_sites": website}, clock.now())
        for text in CONSENTS:
            consents.publish(session, SYSTEM, text, clock.now())
    engine.dispose()


@pytest.fixture(scope="module")
def strangers(website: tuple[PortalServer, str]) -> Iterator[str]:
    return guardians(website[0])


def sign_in(frame: FrameLocator, server: PortalServer, email: str) -> None:
    before = len(server.mails_with_code(email))
    frame.get_by_label("E-mail").fill(email)
    frame.get_by_role("button", name="Continue").click()
    code = frame.locator('input[autocomplete="one-time-code"]')
    code.wait_for()
    code.fill(server.next_code(email, before))
    frame.owner.page.keyboard.press("Enter")  # the code sends itself too, and its field is gone then


def opened(new_context: NewContext, address: str) -> tuple[Page, FrameLocator]:
    page = new_context(ignore_https_errors=True).new_page()
    page.goto(address)
    return page, page.frame_locator("#portal")


def test_in_a_frame_one_signs_in_answers_once_and_stays_signed_in(
    new_context: NewContext, website: tuple[PortalServer, str], strangers: Iterator[str]
) -> None:
    server, address = website
    page, frame = opened(new_context, address)
    sign_in(frame, server, next(strangers))
    frame.get_by_text("I have read the terms and the privacy notice.").click()
    frame.get_by_role("button", name="Save and go on").click()
    frame.locator(READY).wait_for()

    expect(frame.get_by_role("navigation", name="Sections").get_by_role("link").first).to_have_text("Home")
    for of_its_own in (
        frame.get_by_test_id("quick-menu"),
        frame.locator(".top .brand"),
        frame.locator(".account"),
    ):
        expect(of_its_own).to_be_hidden()
    page.wait_for_function("document.getElementById('portal').clientHeight > 800")
    assert page.frames[1].evaluate("document.scrollingElement.scrollHeight <= innerHeight")

    page.frames[1].evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
    page.reload()

    frame.locator(READY).wait_for()
    expect(frame.get_by_role("heading", name="Before you go on")).to_have_count(0)
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] == "__Host-portal_session"]
    assert [(one["secure"], one["httpOnly"], one["sameSite"]) for one in kept] == [(True, True, "None")]


@pytest.fixture
def page_without_cookies(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A window of a browser that is set to keep no cookies, nor anything else of a site."""
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(json.dumps(blocked))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium.with_settings(), args=chromium.ARGUMENTS, ignore_https_errors=True
    )
    yield context.new_page()
    context.close()


def test_where_no_cookie_is_kept_the_way_out_is_said_and_nothing_goes_in_circles(
    page_without_cookies: Page, website: tuple[PortalServer, str], strangers: Iterator[str]
) -> None:
    page = page_without_cookies
    documents: list[str] = []
    page.on("request", lambda one: documents.append(one.url) if one.is_navigation_request() else None)
    page.goto(website[1])
    frame = page.frame_locator("#portal")
    frame.get_by_label("E-mail").fill(next(strangers))
    frame.get_by_role("button", name="Continue").click()

    way_out = frame.get_by_role("link", name="Open in a new tab")
    expect(way_out).to_be_visible()
    assert way_out.get_attribute("target") == "_blank"
    opened = len(documents)
    page.wait_for_load_state("networkidle")
    assert len(documents) == opened
    assert page.context.cookies() == []


def test_a_website_that_is_not_allowed_shows_no_frame(
    new_context: NewContext, website: tuple[PortalServer, str]
) -> None:
    _, address = website
    page = new_context(ignore_https_errors=True).new_page()

    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(address.replace("127.0.0.1", "localhost"))

    assert page.frame_locator("#portal").get_by_label("E-mail").count() == 0
