"""The bookings page and a booking's own dashboard, as a family meets them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessible import scrolls_sideways, violations
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA, RUTH, OMAR = (f"{name}@demo.example" for name in ("nora", "ruth", "omar"))


@pytest.fixture
def bookings(open_as: OpenPage, demo_server: PortalServer) -> Callable[..., Page]:
    """A guardian's bookings page."""

    def opened(email: str = NORA, path: str = "/bookings", **options: object) -> Page:
        return open_as(demo_server, email, path, **options)

    return opened


@pytest.fixture
def dashboard(bookings: Callable[..., Page]) -> Callable[..., Page]:
    """One booking, opened from the list."""

    def opened(title: str = "Little Waves 2", email: str = NORA, **options: object) -> Page:
        page = bookings(email, **options)
        page.get_by_role("link", name=re.compile(f"^{title}")).click()
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return page

    return opened


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_active_open_and_past_are_there_and_accessible(
    bookings: Callable[..., Page], width: int, scheme: str
) -> None:
    page = bookings(viewport={"width": width, "height": 900}, color_scheme=scheme)

    expect(page.get_by_role("img", name="9 of 16 sessions done, 7 attended, 2 cancelled")).to_be_visible()
    for words in ("Trial booked", "Waiting list, 3rd", "Awaiting confirmation", "15 of 16 attended"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("Your enquiry is with us")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_booking_tells_everything_about_it_and_is_accessible(
    dashboard: Callable[..., Page], width: int, scheme: str
) -> None:
    page = dashboard(viewport={"width": width, "height": 900}, color_scheme=scheme)

    expect(page.get_by_role("heading", name="9 of 16 sessions done")).to_be_visible()
    for words in (
        "Next: today",
        "Ines Marlow",
        "Lane changed",
        "Mila has a make-up to use",
        "Swimsuit, cap, towel",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("link", name="Map")).to_have_attribute("href", re.compile("^https://"))
    expect(page.get_by_text("You, account holder")).to_be_visible()
    expect(page.locator("#payments")).to_contain_text("€128.00")
    assert violations(page) == []


def test_choosing_a_child_leaves_their_bookings_and_counts(bookings: Callable[..., Page]) -> None:
    page = bookings()
    switcher = page.get_by_test_id("member-switcher")
    switcher.get_by_role("button", name="Theo").click()

    shown = page.get_by_test_id("bookings")
    expect(shown.get_by_text("Stroke School 1")).to_be_visible()
    expect(shown.get_by_text("Little Waves 2")).to_be_hidden()
    expect(shown.get_by_text("Your enquiry is with us")).to_be_hidden()
    expect(page.locator("section", has_text="Past").locator("header .small:visible")).to_have_text(["1"])
    switcher.get_by_role("button", name="Everyone").click()


def test_a_booking_opens_and_closes_with_the_keyboard(bookings: Callable[..., Page]) -> None:
    page = bookings()
    page.get_by_role("link", name=re.compile("Spanish Starters")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Spanish Starters")).to_be_visible()
    page.get_by_role("link", name="Bookings", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Bookings")).to_be_visible()


def test_the_sessions_tab_groups_them_and_is_accessible(dashboard: Callable[..., Page]) -> None:
    page = dashboard()
    page.get_by_role("navigation", name="Quick menu of this booking").get_by_role(
        "link", name="Sessions"
    ).click()

    for name in ("Scheduled", "Attended", "Cancelled"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert page.url.endswith("?tab=sessions")
    assert violations(page) == []
    page.reload()
    expect(page.get_by_role("heading", name="Scheduled")).to_be_visible()


def test_the_quick_menu_leads_to_the_money_of_the_booking(dashboard: Callable[..., Page]) -> None:
    page = dashboard("Ballet Foundations")
    page.get_by_role("navigation", name="Quick menu of this booking").get_by_role(
        "link", name="Payments"
    ).click()

    expect(page.get_by_role("heading", name="Payments")).to_be_in_viewport()
    page.locator("#payments").get_by_role("link", name=re.compile("Instalment 2 of 3")).click()
    page.wait_for_url("**/payments?open=*")


def test_the_quick_menu_leads_to_a_make_up_that_can_be_used(dashboard: Callable[..., Page]) -> None:
    page = dashboard("Little Waves 2")
    page.get_by_role("link", name="Make-up", exact=True).click()
    expect(page.get_by_role("heading", name="Mila has a make-up to use")).to_be_in_viewport()


def test_a_trial_tells_its_offer(dashboard: Callable[..., Page]) -> None:
    page = dashboard("Jazz Taster, trial")

    expect(page.get_by_text("A place for Juno in Jazz Juniors")).to_be_visible()
    expect(page.get_by_text("€89.10 after the trial")).to_be_visible()
    expect(page.get_by_role("button", name="Enrol")).to_be_visible()


def test_leaving_a_waiting_list_is_asked_first(dashboard: Callable[..., Page]) -> None:
    page = dashboard("Stroke School 2")
    page.get_by_role("button", name="Leave the waiting list").click()

    sheet = page.get_by_test_id("waiting-sheet")
    expect(sheet).to_contain_text("Theo is 3rd in line for Stroke School 2.")
    assert violations(page) == []
    sheet.get_by_role("button", name="Keep the place in line").click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_text("Waiting list, 3rd")).to_be_visible()


def test_a_booking_that_is_not_theirs_looks_like_none(
    bookings: Callable[..., Page], open_as: OpenPage, demo_server: PortalServer
) -> None:
    noras = bookings().get_by_role("link", name=re.compile("^Little Waves 2")).get_attribute("href")
    assert noras is not None
    seen = []
    for path in (noras, "/bookings/abcdefghjkmnpqrs"):
        page = open_as(demo_server, OMAR).context.new_page()
        answer = page.goto(f"{demo_server.url}{path}")
        assert answer is not None
        expect(page.get_by_text("There is no such page").last).to_be_visible()
        expect(page).to_have_title("Booking · Otterbrook")
        seen.append((answer.status, page.title(), page.locator("main").inner_text()))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


def test_an_adult_with_a_share_sees_that_booking_and_no_money(dashboard: Callable[..., Page]) -> None:
    page = dashboard(email=RUTH)

    expect(page.get_by_text("Nora Vale shares this booking with you.")).to_be_visible()
    expect(page.get_by_text("You, can see, gets reminders")).to_be_visible()
    expect(page.get_by_text("Sam Vale")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("€")
    assert violations(page) == []


def test_nothing_stands_out_of_a_narrow_window(
    dashboard: Callable[..., Page], bookings: Callable[..., Page]
) -> None:
    narrow = {"width": 360, "height": 740}
    assert not scrolls_sideways(bookings(viewport=narrow))
    page = dashboard(viewport=narrow)
    expect(page.get_by_text("Who can see this")).to_be_visible()
    assert not scrolls_sideways(page)
    page = dashboard("Spanish Starters", viewport=narrow)
    chip = page.locator(".chip", has_text="Livestream from").first.bounding_box()
    button = page.get_by_role("button", name="Can’t come").first.bounding_box()
    assert chip is not None
    assert button is not None
    assert chip["x"] + chip["width"] <= button["x"]
