"""Controls: the checks every page passes can fail."""

from playwright.sync_api import Page

from tests.support.accessible import scrolls_sideways, violations


def test_a_button_without_a_name_is_found(page: Page) -> None:
    page.set_content("<title>Page</title><main><h1>Page</h1><button></button></main>")

    assert any(found.startswith("button-name") for found in violations(page))


def test_something_wider_than_the_window_is_found(page: Page) -> None:
    page.set_content("<main style='width:200vw'>wide</main>")

    assert scrolls_sideways(page)
