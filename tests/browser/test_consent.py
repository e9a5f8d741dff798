from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import clock, db
from portal.actor import SYSTEM
from portal.demo.texts import CONSENTS
from portal.services import consents
from tests.support.accessible import scrolls_sideways, violations, violations_in_every_look
from tests.support.people import guardians
from tests.support.portal_server import PortalServer, copied

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def asking(
    built_frontend: None, demo_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalServer]:
    """A portal whose provider has just published every text anew."""
    server = PortalServer.start(copied(demo_data, tmp_path_factory.mktemp("consent") / "data"))
    engine = db.bind(f"sqlite:///{server.folder}/portal.db")
    with db.unit_of_work() as session:
        for text in CONSENTS:
            consents.publish(session, SYSTEM, text, clock.now())
    engine.dispose()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def strangers(asking: PortalServer) -> Iterator[str]:
    """Guardians who have not answered yet, one after the other."""
    return guardians(asking)


@pytest.fixture
def somebody(strangers: Iterator[str]) -> str:
    """A guardian of this test alone."""
    return next(strangers)


def test_the_card_is_accessible_and_ticks_nothing_beforehand(
    open_as: OpenPage, asking: PortalServer, somebody: str
) -> None:
    page = open_as(asking, somebody, "/consent")

    assert [box.is_checked() for box in page.get_by_role("checkbox").all()] == [False, False, False]
    assert violations_in_every_look(page) == []
    page.set_viewport_size({"width": 360, "height": 640})
    assert not scrolls_sideways(page)


def test_every_page_leads_to_the_card_until_it_is_answered_once(
    open_as: OpenPage, asking: PortalServer, somebody: str
) -> None:
    page = open_as(asking, somebody, "/benefits")
    expect(page.get_by_role("heading", name="Before you go on")).to_be_visible()

    page.get_by_text("I have read the terms and the privacy notice.").click()
    page.get_by_role("button", name="Save and go on").click()

    page.wait_for_url(f"{asking.url}/benefits")
    page.goto(f"{asking.url}/payments")
    expect(page.get_by_role("heading", name="Payments", level=1)).to_be_visible()
    page.goto(f"{asking.url}/consent")
    expect(page.get_by_text("Nothing to answer")).to_be_visible()


def test_it_is_not_asked_again_in_another_browser(
    open_as: OpenPage, asking: PortalServer, somebody: str
) -> None:
    page = open_as(asking, somebody, "/consent")
    page.get_by_role("checkbox", name="Terms and privacy").check(force=True)
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(f"{asking.url}/")
    page.context.clear_cookies()

    again = open_as(asking, somebody, "/")

    assert again.url == f"{asking.url}/"


def test_without_what_is_needed_the_form_says_so_and_saves_nothing(
    open_as: OpenPage, asking: PortalServer, somebody: str
) -> None:
    page = open_as(asking, somebody, "/consent")
    page.locator("form[action='/auth/consent']").evaluate("form => form.noValidate = true")

    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_role("alert")).to_contain_text("Please tick what is needed")
    assert violations(page) == []


def test_the_card_can_be_answered_with_the_keyboard_alone_and_each_text_read_in_full(
    open_as: OpenPage, asking: PortalServer, somebody: str
) -> None:
    page = open_as(asking, somebody, "/consent")
    page.get_by_text("Read it all: Terms and privacy").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("complain to the data protection authority")).to_be_visible()

    page.get_by_role("checkbox", name="Terms and privacy").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save and go on").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"{asking.url}/")


def test_whoever_does_not_agree_can_leave(open_as: OpenPage, asking: PortalServer, somebody: str) -> None:
    page = open_as(asking, somebody, "/consent")
    page.get_by_role("button", name="your account").click()

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
