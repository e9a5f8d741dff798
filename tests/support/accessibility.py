"""What axe-core and a ruler find on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Each broken rule with the first place it is broken at; empty when there is none."""
    found = Axe().run(page, options={"runOnly": _WCAG}).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html']:.160}" for one in found]


def scrolls_sideways(page: Page) -> bool:
    """Whether anything is wider than the window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
