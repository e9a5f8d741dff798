from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.accessible import scrolls_sideways, violations_in_every_look
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA, SAM = "nora@demo.example", "sam@demo.example"


def test_who_i_am_what_i_agreed_to_and_where_i_am_signed_in(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA, "/account")

    expect(page.get_by_test_id("about")).to_contain_text("Nora Vale")
    expect(page.get_by_test_id("about")).to_contain_text("Mila Vale")
    expect(page.get_by_test_id("consents").get_by_text("Terms and privacy", exact=True)).to_be_visible()
    expect(page.get_by_test_id("devices")).to_contain_text("This device")
    assert violations_in_every_look(page) == []


def test_a_consent_is_taken_back_and_given_again_and_both_stay_in_the_history(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    page = open_as(fresh_demo, NORA, "/account")

    page.get_by_role("button", name="Take back Photos in class").click()
    page.get_by_role("button", name="Agree Photos in class").click()
    expect(page.get_by_role("button", name="Take back Photos in class")).to_be_visible()
    page.get_by_text("Every answer you gave").click()

    expect(page.get_by_text("Said no to “Photos in class”", exact=True)).to_be_visible()
    expect(page.get_by_text("Agreed to “Photos in class”", exact=True)).to_have_count(2)
    page.reload()
    expect(page.get_by_role("button", name="Take back Photos in class")).to_be_visible()


def test_the_language_of_messages_is_chosen_and_stays(open_as: OpenPage, fresh_demo: PortalServer) -> None:
    page = open_as(fresh_demo, NORA, "/account")
    german = page.get_by_role("button", name="Deutsch")
    expect(german).to_have_attribute("aria-pressed", "false")

    german.click()

    expect(german).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(german).to_have_attribute("aria-pressed", "true")


def test_signing_out_leads_to_the_sign_in_page_and_back_shows_nothing(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    page = open_as(fresh_demo, NORA, "/account")

    page.get_by_test_id("devices").get_by_role("button", name="Sign out", exact=True).click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(f"{fresh_demo.url}/account")
    expect(page.get_by_label("E-mail")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_window_too(
    open_as: OpenPage, new_context: Callable[..., BrowserContext], fresh_demo: PortalServer
) -> None:
    one = open_as(fresh_demo, SAM, "/account")
    other = new_context(storage_state=one.context.storage_state()).new_page()
    other.goto(f"{fresh_demo.url}/benefits")
    other.wait_for_selector('main[data-ready="true"]')

    one.get_by_role("button", name="Sign out everywhere").click()

    expect(one.get_by_text("You are signed out on every device.")).to_be_visible()
    other.reload()
    expect(other.get_by_label("E-mail")).to_be_visible()


def test_nothing_stands_out_of_a_narrow_window(open_as: OpenPage, demo_server: PortalServer) -> None:
    assert not scrolls_sideways(
        open_as(demo_server, NORA, "/account", viewport={"width": 360, "height": 740})
    )
