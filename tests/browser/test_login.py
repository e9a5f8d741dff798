import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.accessible import scrolls_sideways, violations, violations_in_every_look
from tests.support.people import guardians
from tests.support.portal_server import PortalServer, copied

NewContext = Callable[..., BrowserContext]

SIX_LETTERS_FIT = "(field) => { field.value = 'AB3D5K'; return field.scrollWidth <= field.clientWidth; }"


def asks(page: Page, server: PortalServer, email: str) -> None:
    """Type the address on the first step, as a person does."""
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()
    page.wait_for_load_state()  # a code sends itself once the page's script is there


def code_field(page: Page) -> Locator:
    """Where the code goes."""
    return page.locator('input[autocomplete="one-time-code"]')


def other_than(code: str) -> str:
    """A code that looks right and is not this one."""
    return ("A" if code[0] != "A" else "B") + code[1:]


@pytest.fixture(scope="module")
def server(
    built_frontend: None, demo_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalServer]:
    """A portal of these tests alone: messages are limited for each address that asks."""
    made = PortalServer.start(copied(demo_data, tmp_path_factory.mktemp("sign-in") / "data"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def strangers(server: PortalServer) -> Iterator[str]:
    """Guardians who have not asked for a message yet, one after the other."""
    return guardians(server)


@pytest.fixture
def somebody(strangers: Iterator[str]) -> str:
    """A guardian of this test alone: their newest message is their only one."""
    return next(strangers)


def test_both_steps_are_accessible_and_keep_the_address_out_of_the_address_bar(
    page: Page, server: PortalServer
) -> None:
    page.goto(f"{server.url}/login")
    expect(page.get_by_role("heading", name="All your family’s classes in one place")).to_be_visible()
    assert violations_in_every_look(page) == []

    asks(page, server, "somebody-with-a-rather-long-address@nowhere.example")

    expect(page.get_by_text("somebody-with-a-rather-long-address@nowhere.example")).to_be_visible()
    assert "somebody" not in page.url
    assert violations_in_every_look(page) == []
    page.set_viewport_size({"width": 360, "height": 640})
    assert not scrolls_sideways(page)
    assert code_field(page).evaluate(SIX_LETTERS_FIT), "each stands in its box"


def test_a_pasted_code_signs_in_by_itself(page: Page, server: PortalServer, somebody: str) -> None:
    asks(page, server, somebody)
    code = server.next_mail(somebody)["code"]

    code_field(page).fill(f"{code[:3]} {code[3:]}".lower())

    page.wait_for_url(f"{server.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")


def test_the_keyboard_alone_signs_in(page: Page, server: PortalServer, somebody: str) -> None:
    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail").focus()
    page.keyboard.type(somebody)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your e-mail").wait_for()

    expect(code_field(page)).to_be_focused()
    page.keyboard.type(server.next_mail(somebody)["code"])
    page.keyboard.press("Enter")

    page.wait_for_url(f"{server.url}/")


def test_the_link_signs_in_at_once_in_the_browser_that_asked(
    page: Page, server: PortalServer, somebody: str
) -> None:
    asks(page, server, somebody)

    page.goto(server.next_mail(somebody)["link"])

    page.wait_for_url(f"{server.url}/")


def test_the_link_asks_for_one_tap_in_another_browser_and_works_once(
    page: Page, new_context: NewContext, server: PortalServer, somebody: str
) -> None:
    asks(page, server, somebody)
    link = server.next_mail(somebody)["link"]
    elsewhere = new_context().new_page()
    elsewhere.goto(link)
    assert violations(elsewhere) == []

    elsewhere.get_by_role("button", name="Sign in here").click()
    elsewhere.wait_for_url(f"{server.url}/")

    third = new_context().new_page()
    third.goto(link)
    expect(third.get_by_role("heading", name="This link has been used")).to_be_visible()
    assert violations(third) == []
    third.get_by_role("link", name="Send a new link").click()
    expect(third.get_by_label("E-mail")).to_be_visible()


def test_a_wrong_code_says_so_with_the_tries_that_are_left(
    page: Page, server: PortalServer, somebody: str
) -> None:
    asks(page, server, somebody)
    code = server.next_mail(somebody)["code"]

    code_field(page).fill(other_than(code))
    page.get_by_role("button", name="Sign in").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("That code doesn’t match.")
    expect(alert).to_contain_text("You have 4 tries left.")
    assert violations(page) == []
    page.wait_for_load_state()
    code_field(page).fill(code)
    page.wait_for_url(f"{server.url}/")


def test_a_code_that_is_used_up_or_too_old_each_has_its_own_words(
    page: Page, new_context: NewContext, server: PortalServer, somebody: str
) -> None:
    asks(page, server, somebody)
    mail = server.next_mail(somebody)
    elsewhere = new_context().new_page()
    elsewhere.goto(mail["link"])
    elsewhere.get_by_role("button", name="Sign in here").click()
    elsewhere.wait_for_url(f"{server.url}/")

    code_field(page).fill(mail["code"])

    expect(page.get_by_role("alert")).to_contain_text("has been used already")


def test_the_address_can_be_changed_and_a_stranger_is_told_nothing(page: Page, server: PortalServer) -> None:
    asks(page, server, "a-stranger@nowhere.example")
    assert server.inbox("a-stranger@nowhere.example") == []

    page.get_by_role("link", name="Change address").click()

    expect(page.get_by_label("E-mail")).to_have_value("")


def test_whoever_is_signed_in_already_goes_home(open_as: Callable[..., Page], server: PortalServer) -> None:
    page = open_as(server, "nora@demo.example", "/login")

    page.wait_for_url(f"{server.url}/")


def test_a_page_that_was_asked_for_comes_after_signing_in(
    page: Page, server: PortalServer, somebody: str
) -> None:
    page.goto(f"{server.url}/benefits?all=1")
    page.wait_for_url(re.compile("/login[?]next="))
    page.get_by_label("E-mail").fill(somebody)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your e-mail").wait_for()

    code_field(page).fill(server.next_mail(somebody)["code"])

    page.wait_for_url(f"{server.url}/benefits?all=1")


def test_signing_in_needs_no_script(new_context: NewContext, server: PortalServer, somebody: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    asks(page, server, somebody)
    code_field(page).fill(server.next_mail(somebody)["code"])

    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"{server.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")


def test_a_frame_that_keeps_no_cookies_says_to_open_a_new_tab(page: Page, server: PortalServer) -> None:
    page.goto(f"{server.url}/login?step=code")

    expect(page.get_by_role("link", name="Open in a new tab")).to_have_attribute("target", "_blank")
    assert violations(page) == []
