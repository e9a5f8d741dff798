"""What axe-core finds wrong with a page, and whether a page scrolls sideways."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Each broken rule with the places that break it; empty for an accessible page."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {', '.join(str(node['target'][0]) for node in rule['nodes'])}" for rule in found]


def scrolls_sideways(page: Page) -> bool:
    """Whether anything stands out of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
