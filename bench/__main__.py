"""`make bench`: what a family waits for, next to Reflex's own floor, measured in the same run."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.browser import NETWORKS, Subject, Visit, switch_ms, visits
from bench.floor_server import floor
from bench.load import BURST
from bench.plain import plain
from bench.queries import queries
from bench.server import ROUNDS, SECONDS, WINDOWS, server_table, workers_table
from portal import clock
from tests.support.chromium import ARGUMENTS, installed
from tests.support.portal_server import PortalServer, demo_folder
from tests.support.screenshots import GUARDIAN, sign_in

TIMES = 3
FIGURES = Path(__file__).resolve().parent / "figures.md"


def main() -> None:
    """Measure, print, and keep the figures."""
    lines = [
        "# Figures",
        "",
        f"Browser: medians of {TIMES} visits to home by a demo family, beside an empty Reflex app.",
        f"Server: medians of {ROUNDS} rounds of {SECONDS:.0f} s, the portal and the floor in turn, one worker each,",
        f"{WINDOWS} signed-in families, the load made on the same machine, {BURST} events for each answer.",
        "Only the ratios hold: what else the machine does moves every figure.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder, floor() as empty:
        data = demo_folder(Path(folder) / "data")
        lines += [*_waiting(data, empty.url), ""]
        lines += [*server_table(data, empty), "", *workers_table(data), ""]
        lines += _query_table(data)
    text = "\n".join(lines)
    print(text)
    FIGURES.write_text(text + "\n")


def _waiting(data: Path, empty: str) -> list[str]:
    """What a family waits for. Ends before the server's load is made, which needs a loop of its own."""
    begun = time.monotonic()
    server = PortalServer.start(data)
    started = time.monotonic() - begun
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        try:
            lines = _browser_table(browser, server, empty)
        finally:
            browser.close()
            server.stop()
    return [*lines, "", f"From the start to /healthz, built, with data: {started:.1f} s (budget 5 s)."]


def _browser_table(browser: Browser, server: PortalServer, empty: str) -> list[str]:
    cookies = _cookies(browser, server)
    add: Callable[[BrowserContext], None] = lambda context: context.add_cookies(cookies)  # noqa: E731 - one line says it
    lines = ["| what | portal | floor | ratio |", "| --- | --- | --- | --- |"]
    home = Subject(
        f"{server.url}/",
        '[data-testid="to-pay"]',
        '[data-testid="next-session"] button',
        '[data-testid="cancel-sheet"]',
    )
    nothing = Subject(f"{empty}/", "main p", "main button", '[data-chosen="one"]')
    scriptless: list[str] = []
    with plain(server.url) as front:
        still = Subject(f"{front}/", home.first)
        for network in NETWORKS:
            ours = visits(browser, add, home, network, TIMES)
            theirs = visits(browser, lambda _: None, nothing, network, TIMES)
            page_alone = visits(browser, add, still, network, TIMES)
            for kind in ours:
                name = f"{network.name}, {kind}"
                lines += _rows(name, ours[kind], theirs[kind])
                scriptless.append(_row(f"first data, {name}", ours[kind].first, page_alone[kind].first, "ms"))
            if network is NETWORKS[0]:
                lines += _weights(ours["cold"], theirs["cold"])
    with browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True) as context:
        add(context)
        lines += [_switch(context, server), _early_switch(context, server)]
    lines += ["", "| what | portal | the same page without scripts | ratio |", "| --- | --- | --- | --- |"]
    return [*lines, *scriptless]


def _rows(name: str, ours: Visit, theirs: Visit) -> list[str]:
    first, ready = (ours.first, theirs.first), (ours.ready, theirs.ready)
    answered = (ours.answered, theirs.answered)
    return [
        _row(f"first data, {name}", *first, "ms"),
        _row(f"buttons work, {name}", *ready, "ms"),
        _row(f"a press at first sight is answered, {name}", *answered, "ms"),
    ]


def _weights(ours: Visit, theirs: Visit) -> list[str]:
    kinds = ("Script", "Stylesheet", "Font", "Document")
    return [
        _row(
            f"{kind.lower()}, bytes over the network", ours.bytes.get(kind, 0), theirs.bytes.get(kind, 0), "B"
        )
        for kind in kinds
    ]


def _row(name: str, ours: float, theirs: float, unit: str) -> str:
    ratio = f"{ours / theirs:.2f}" if theirs else ""
    return f"| {name} | {ours:,.0f} {unit} | {theirs:,.0f} {unit} | {ratio} |"


def _switch(context: BrowserContext, server: PortalServer) -> str:
    page = context.new_page()
    page.goto(f"{server.url}/")
    page.wait_for_selector('main[data-ready="true"]')
    return f"| switch a member, press to picture | {switch_ms(page, 9):.1f} ms | | under 16 ms |"


def _early_switch(context: BrowserContext, server: PortalServer) -> str:
    page = context.new_page()
    page.route("**/assets/*.js", lambda script: script.abort())
    page.goto(f"{server.url}/")
    page.wait_for_selector("main h1")
    return f"| the same before the script is there | {switch_ms(page, 9):.1f} ms | | under 16 ms |"


def _cookies(browser: Browser, server: PortalServer) -> list[dict[str, object]]:
    with browser.new_context() as context:
        sign_in(context.new_page(), server)
        return [dict(cookie) for cookie in context.cookies()]


def _query_table(data: Path) -> list[str]:
    counted = queries(data, _guardian(data), clock.now())
    rows = [f"| {title} | {count} |" for title, count in counted.items()]
    return ["| page | queries, the frame's and the scene's included |", "| --- | --- |", *rows]


def _guardian(data: Path) -> int:
    import sqlite3

    found = sqlite3.connect(data / "portal.db").execute(
        "select id from guardian where email = ?", (GUARDIAN,)
    )
    return int(found.fetchone()[0])


if __name__ == "__main__":
    main()
