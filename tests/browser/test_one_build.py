"""One front-end build serves every address: the live connection goes where the page came from."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from tests.browser.conftest import sign_in
from tests.conftest import StartPortal


def test_two_portals_on_two_ports_work_from_one_build(
    portal_server: StartPortal, new_context: Callable[..., BrowserContext]
) -> None:
    first, second = portal_server(), portal_server()
    for server in (first, second):
        page = new_context().new_page()
        with page.expect_websocket() as opened:
            sign_in(page, server, "nora@demo.example")
        assert opened.value.url.startswith(f"{server.url.replace('http', 'ws')}/_event")
