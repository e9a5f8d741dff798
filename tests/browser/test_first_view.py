"""The first view in the document and the live page that takes over are the same page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from portal import routes
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"

# One line per element and text: what a person or a reader could tell apart, and nothing of how it was made.
OUTLINE = r"""(root) => {
  const unlike = new Set(["data-ready", "data-discover", "style", "data-react"]);
  const lines = [];
  const walk = (node, depth) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.replace(/\s+/g, " ");
      if (text.trim()) lines.push(" ".repeat(depth) + text.trim());
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      [...node.childNodes].filter(({ nodeType }) => nodeType === Node.COMMENT_NODE).forEach((one) => one.remove());
      node.normalize();
      const attributes = [...node.attributes].filter(({ name }) => !unlike.has(name))
        .map(({ name, value }) => `${name}=${value.replace(/\s+/g, " ").trim()}`).sort();
      const style = [...(node.style ?? [])]
        .map((name) => `${name}:${node.style.getPropertyValue(name).trim()}`);
      lines.push(" ".repeat(depth) + [node.tagName, ...attributes, ...style].join(" "));
      if (node.tagName !== "STYLE") node.childNodes.forEach((child) => walk(child, depth + 1));
    }
  };
  root.cloneNode(true).querySelectorAll(".frame > *").forEach((part) => walk(part, 0));
  return lines;
}"""
OF_THE_DOCUMENT = f"""(html) => {{
  return ({OUTLINE})(new DOMParser().parseFromString(html, "text/html"));
}}"""
OF_THE_LIVE_PAGE = f"() => ({OUTLINE})(document.body)"
# The elements that came in the document, before any script of the page had a say.
KEEP = """document.addEventListener("readystatechange", () => {
  window.came ??= [...document.querySelectorAll(".frame *")];
});"""
STAYED = "() => [came.length, came.filter((one) => one.isConnected).length]"
# Layout shifts as the browser counts them, from the first paint on.
WATCH_SHIFTS = """
  window.shifts = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
"""


PARTS = """member-switcher quick-menu to-pay next-session upcoming bookings passes benefits orders-summary"""

PAGES = [
    routes.HOME,
    routes.PAYMENTS,
    routes.SESSIONS,
    f"{routes.SESSIONS}?tab=past",
    routes.BOOKINGS,
    routes.BENEFITS,
    routes.ORDERS,
    routes.ACCOUNT,
]


def outlines(page: Page, address: str) -> list[list[str]]:
    """The page as it came in the document, as it stands once it is live, and as React draws it by itself."""
    answer = page.goto(address)
    assert isinstance(answer, Response)
    page.wait_for_selector('main[data-ready="true"]')
    taken_over = page.evaluate(OF_THE_LIVE_PAGE)
    came, stayed = page.evaluate(STAYED)
    assert stayed == came > 100, "every element that came in the document is kept"
    title = page.title()
    page.locator('[data-testid="quick-menu"] a:not([aria-current])').first.click()
    expect(page).not_to_have_title(title)
    page.go_back()
    expect(page).to_have_title(title)
    page.wait_for_selector('main[data-ready="true"]')
    return [page.evaluate(OF_THE_DOCUMENT, answer.text()), taken_over, page.evaluate(OF_THE_LIVE_PAGE)]


@pytest.mark.parametrize("path", PAGES)
def test_the_live_page_is_the_first_view_again(
    open_as: OpenPage, demo_server: PortalServer, path: str
) -> None:
    page = open_as(demo_server, NORA)
    page.add_init_script(KEEP)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    of_the_document, taken_over, drawn = outlines(page, f"{demo_server.url}{path}")
    if of_the_document != drawn:  # a minute passed in between, and "Starts in 20 min" with it
        of_the_document, taken_over, drawn = outlines(page, f"{demo_server.url}{path}")

    assert len(of_the_document) > 50
    assert taken_over == of_the_document
    assert drawn == of_the_document
    assert wrong == []


def test_a_document_that_says_something_else_is_drawn_again(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA)
    page.add_init_script(KEEP)
    changed = page.request.get(demo_server.url).text().replace("</h1>", "!</h1>")
    page.route(f"{demo_server.url}/", lambda route: route.fulfill(body=changed, content_type="text/html"))

    page.goto(demo_server.url)
    page.wait_for_selector('main[data-ready="true"]')
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("!")
    came, stayed = page.evaluate(STAYED)

    assert stayed < came


def test_without_any_script_the_family_sees_its_home(
    open_as: OpenPage, demo_server: PortalServer, new_context: Callable[..., BrowserContext]
) -> None:
    signed_in = open_as(demo_server, NORA).context.storage_state()
    page = new_context(storage_state=signed_in, java_script_enabled=False).new_page()

    page.goto(demo_server.url)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora")
    expect(page.get_by_test_id("to-pay").locator(".figure")).to_contain_text("€148.00")
    expect(page.get_by_test_id("next-session")).to_be_visible()
    expect(page.get_by_text("Loading your family’s classes")).to_have_count(0)
    expect(page.locator(".loading")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_takeover_moves_nothing(open_as: OpenPage, demo_server: PortalServer, width: int) -> None:
    page = open_as(demo_server, NORA, viewport={"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)

    page.reload()
    page.wait_for_selector('main[data-ready="true"]')
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert page.evaluate("window.shifts") < 0.01


def test_a_shift_would_be_noticed(page: Page) -> None:
    page.add_init_script(WATCH_SHIFTS)
    page.goto("data:text/html,<p id=late></p><h1>Here</h1>")

    page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => {
             document.getElementById("late").style.height = "300px";
             requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));
           }))"""
    )

    assert page.evaluate("window.shifts") > 0.01


def test_every_part_of_home_has_the_name_that_others_find_it_by(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA, routes.HOME)

    names = page.locator("[data-testid]").evaluate_all("(all) => all.map((one) => one.dataset.testid)")

    assert set(names) >= set(PARTS.split())
    assert page.get_by_test_id("member-switcher").get_by_role("button").first.inner_text() == "Everyone"
    assert page.get_by_test_id("upcoming").locator("[data-member]").count() > 0
