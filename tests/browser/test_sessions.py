"""The sessions page as a family meets it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.accessible import scrolls_sideways, violations
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def sessions(open_as: OpenPage, demo_server: PortalServer) -> Callable[..., Page]:
    """Nora's sessions page."""

    def opened(query: str = "", email: str = NORA, **options: object) -> Page:
        return open_as(demo_server, email, f"/sessions{query}", **options)

    return opened


def choose(page: Page, name: str) -> None:
    """Press a member of the switcher."""
    page.get_by_test_id("member-switcher").get_by_role("button", name=name).click()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_coming_stands_by_day_and_is_accessible(
    sessions: Callable[..., Page], width: int, scheme: str
) -> None:
    page = sessions(viewport={"width": width, "height": 900}, color_scheme=scheme)

    agenda = page.get_by_test_id("upcoming")
    expect(agenda.get_by_role("heading", name="Today")).to_be_visible()
    expect(agenda.get_by_text("Little Waves 2").first).to_be_visible()
    expect(agenda.get_by_text("with Marisol").first).to_be_visible()
    expect(agenda.get_by_text("You cancelled")).to_be_visible()
    expect(page.get_by_text("Tell us at least 12 hours before")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_history_says_what_became_of_each_session_and_is_accessible(
    sessions: Callable[..., Page], width: int, scheme: str
) -> None:
    page = sessions("?tab=past", viewport={"width": width, "height": 900}, color_scheme=scheme)

    for words in ("Attended", "Missed", "Cancelled by Otterbrook", "Use make-up"):
        expect(page.locator(".rows").get_by_text(words, exact=True).first).to_be_visible()
    expect(page.get_by_text("Pool closed. €12.00 credit added")).to_be_visible()
    assert violations(page) == []


def test_choosing_a_child_filters_the_days_at_once(sessions: Callable[..., Page]) -> None:
    page = sessions()
    choose(page, "Theo")

    agenda = page.get_by_test_id("upcoming")
    expect(agenda.get_by_text("Spanish Starters").first).to_be_visible()
    expect(agenda.get_by_text("Little Waves 2").first).to_be_hidden()
    expect(page.locator(".agenda > li:visible", has_text="Today")).to_have_count(0)
    choose(page, "Everyone")
    expect(agenda.get_by_text("Little Waves 2").first).to_be_visible()


def test_the_numbers_of_the_history_are_those_of_the_chosen_child(sessions: Callable[..., Page]) -> None:
    page = sessions("?tab=past")
    everyone = page.get_by_role("link", name=re.compile("^Attended")).inner_text()
    choose(page, "Mila")

    mila = page.get_by_role("link", name=re.compile("^Attended"))
    expect(mila).to_have_count(1)
    expect(mila).not_to_have_text(everyone)
    expect(page.get_by_role("link", name=re.compile("^Missed"))).to_have_count(0)
    choose(page, "Everyone")


def test_a_child_without_any_of_these_is_told_so(sessions: Callable[..., Page]) -> None:
    page = sessions("?tab=past&kind=missed")
    expect(page.locator(".rows .title:visible")).to_have_text(["Spanish Starters"])
    choose(page, "Mila")

    expect(page.get_by_role("heading", name="None of Mila’s among these")).to_be_visible()
    assert violations(page) == []
    choose(page, "Everyone")


def test_the_past_is_reached_with_the_keyboard_and_has_its_own_address(sessions: Callable[..., Page]) -> None:
    page = sessions()
    page.get_by_role("link", name="Past", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Past", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Attended", exact=True).first).to_be_visible()
    assert page.url.endswith("/sessions?tab=past")
    page.reload()
    expect(page.get_by_role("link", name="Past", exact=True)).to_have_attribute("aria-current", "true")


def test_the_months_turn_without_leaving_the_page(sessions: Callable[..., Page]) -> None:
    page = sessions(viewport=DESK)
    name = page.locator(".month-card h3")
    now = name.inner_text()
    page.get_by_role("link", name=re.compile("^Later month")).click()
    expect(name).not_to_have_text(now)
    expect(page.get_by_test_id("upcoming").get_by_text("Little Waves 2").first).to_be_visible()

    page.get_by_role("link", name=re.compile("^Earlier month")).click()
    expect(name).to_have_text(now)


def test_a_day_of_the_week_strip_leads_to_its_sessions(sessions: Callable[..., Page]) -> None:
    page = sessions()
    today = page.locator('.week [aria-current="date"]')
    expect(today).to_contain_text("Mila")
    today.click()

    expect(page.get_by_role("heading", name="Today")).to_be_in_viewport()
    assert re.search(r"#day-\d{4}-\d\d-\d\d$", page.url)


def test_more_sessions_are_shown_when_asked_for(sessions: Callable[..., Page]) -> None:
    page = sessions()
    slots = page.locator(".agenda .slot")
    before = slots.count()
    page.get_by_role("link", name="Show later sessions").click()

    expect(slots.nth(before)).to_be_attached()


@pytest.mark.parametrize("query", ["", "?tab=past"])
def test_nothing_stands_out_of_a_narrow_window(sessions: Callable[..., Page], query: str) -> None:
    page = sessions(query, viewport={"width": 360, "height": 740})
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 320, "height": 256})  # a desk's window at 400 %
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("query", ["", "?tab=past", "?tab=past&kind=missed", "?month=2031-01&show=9"])
def test_the_first_view_says_what_the_live_page_says(
    sessions: Callable[..., Page],
    new_context: Callable[..., BrowserContext],
    demo_server: PortalServer,
    query: str,
) -> None:
    live = sessions(query)
    words = live.locator("main").inner_text()
    first = new_context(storage_state=live.context.storage_state(), java_script_enabled=False).new_page()
    first.goto(f"{demo_server.url}/sessions{query}")

    assert first.locator("main").inner_text() == words


def test_an_adult_with_a_share_sees_the_sessions_of_that_booking_alone(sessions: Callable[..., Page]) -> None:
    page = sessions(email="ruth@demo.example")

    titles = set(page.locator(".agenda .strong").all_inner_texts())
    assert titles == {"Little Waves 2"}
    page.get_by_role("link", name="Past", exact=True).click()
    expect(page.get_by_text("Pool closed", exact=True)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("€")
