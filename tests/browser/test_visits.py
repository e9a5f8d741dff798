"""Visits, offers and kept places on a phone, in two windows at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session, col, select

from portal import changes, clock, db
from portal.actor import SYSTEM
from portal.models.benefits import Pass
from portal.models.bookings import Booking, OpenReason
from portal.models.classes import Course, PassRule, Programme
from portal.models.people import FamilyGuardian, Guardian
from portal.relay import relay
from portal.services import passes, timetable
from tests.browser.conftest import DESK, OpenPage
from tests.support.accessible import violations
from tests.support.portal_server import PortalServer

NORA, SAM, OMAR = "nora@demo.example", "sam@demo.example", "omar@demo.example"
SOON = 3000
"""Milliseconds in which another window follows."""


@contextmanager
def beside(server: PortalServer) -> Iterator[Session]:
    """A change of the server's own data by another program of the provider, told to the windows."""
    db.bind(f"sqlite:///{server.folder}/portal.db")
    deaf = changes.listen(relay("", server.folder, server=False).tell)
    try:
        with db.unit_of_work() as session:
            yield session
    finally:
        deaf()


def leave_one_entry(server: PortalServer) -> None:
    with beside(server) as session:
        card = session.exec(select(Pass).where(Pass.family_id == family_of(session, NORA), Pass.paid)).all()
        counted = next(one for one in card if (one.entries_left or 0) > 1)
        passes.correct(
            session, SYSTEM, counted.id or 0, 1 - (counted.entries_left or 0), "Moved", clock.now()
        )


def family_of(session: Session, email: str) -> int:
    of = select(FamilyGuardian.family_id).join(Guardian, col(Guardian.id) == col(FamilyGuardian.guardian_id))
    return session.exec(of.where(Guardian.email == email)).one()


def sheet_of(page: Page, name: str = "visit-sheet") -> Locator:
    found = page.get_by_test_id(name)
    expect(found).to_be_visible()
    return found


def choose(page: Page, member: str, row: int) -> None:
    """Open the sheet from the pass, say who comes and when."""
    page.get_by_test_id("passes").get_by_role("button", name="Choose a session").first.click()
    sheet = sheet_of(page)
    sheet.get_by_role("button", name=member).click()
    expect(sheet.get_by_role("button", name=member)).to_have_attribute("aria-pressed", "true")
    sheet.locator("label.opt").nth(row).click()
    expect(sheet.get_by_role("button", name="Book")).to_be_visible()


def test_a_visit_is_chosen_from_the_pass_and_the_other_window_counts_along(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    nora, sam = open_as(fresh_demo, NORA, "/benefits"), open_as(fresh_demo, SAM, "/benefits")
    expect(sam.get_by_label("6 of 10 entries left")).to_be_visible()

    choose(nora, "Theo", 1)
    sheet = sheet_of(nora)
    expect(sheet.get_by_text("One entry of Open Swim pass. 5 entries are left after it.")).to_be_visible()
    assert violations(nora) == []
    sheet.get_by_role("button", name="Book").click()

    expect(nora.get_by_test_id("toast")).to_contain_text("Theo comes to Open Swim on")
    expect(nora.get_by_test_id("visit-sheet")).to_have_count(0)
    expect(sam.get_by_label("5 of 10 entries left")).to_be_visible(timeout=SOON)


def test_of_two_windows_at_the_last_entry_one_is_told_why_and_sees_what_is_true(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    leave_one_entry(fresh_demo)
    nora, sam = open_as(fresh_demo, NORA, "/benefits"), open_as(fresh_demo, SAM, "/benefits")
    choose(nora, "Theo", 1)
    choose(sam, "Mila", 2)

    nora.get_by_role("button", name="Book").click()
    expect(nora.get_by_test_id("toast")).to_contain_text("0 entries are left")
    sam.get_by_role("button", name="Book").click()

    refused = sheet_of(sam)
    expect(refused.get_by_role("alert")).to_contain_text("Every entry of this pass has been used.")
    expect(refused.get_by_test_id("visit-notice")).to_be_visible()
    expect(refused.get_by_role("button", name="Book")).to_have_count(0)


def test_a_pass_is_shown_at_the_desk_with_its_code(fresh_demo: PortalServer, open_as: OpenPage) -> None:
    page = open_as(fresh_demo, NORA, "/benefits")
    page.get_by_role("button", name="Check in").first.click()

    sheet = sheet_of(page, "check-in-sheet")
    expect(sheet.get_by_role("img", name="QR code of Open Swim pass")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Check in").first).to_be_focused()


def test_without_a_pass_the_sheet_says_so_and_where_it_is_billed_it_names_the_price(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    page = open_as(fresh_demo, OMAR, "/bookings")
    come = page.get_by_test_id("drop-ins")
    come.get_by_role("button", name="Choose a session of Open Swim").click()
    expect(sheet_of(page).get_by_test_id("visit-notice")).to_contain_text("You need a pass")
    page.keyboard.press("Escape")

    with beside(fresh_demo) as session:
        programme = session.exec(select(Programme).where(Programme.name == "Open Swim")).one()
        programme.pass_rule = PassRule.BILLED
    expect(come.get_by_text("€9.00 a visit, or with a pass")).to_be_visible(timeout=SOON)
    come.get_by_role("button", name="Choose a session of Open Swim").click()
    sheet = sheet_of(page)
    sheet.locator("label.opt").first.click()
    sheet.get_by_role("button", name="for €9.00").click()

    expect(page.get_by_test_id("toast")).to_contain_text("You find what to pay under Payments.")
    page.goto(f"{fresh_demo.url}/payments")
    expect(page.get_by_text("€9.00").first).to_be_visible()


def test_a_trial_becomes_a_booking_in_one_window_and_the_other_follows(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    nora, sam = open_as(fresh_demo, NORA), open_as(fresh_demo, SAM, "/bookings")
    nora.get_by_test_id("nudges").get_by_role("link", name="See the offer").click()
    nora.get_by_role("button", name="Enrol").click()
    sam.get_by_role("link", name="Jazz Taster, trial").click()
    sam.get_by_role("button", name="Enrol").click()
    expect(sheet_of(nora, "offer-sheet").get_by_text("Nothing to pay")).to_have_count(0)
    assert violations(nora) == []

    expect(sheet_of(nora, "offer-sheet")).to_contain_text("Sibling discount, 10%")
    nora.get_by_role("button", name="Enrol Juno for €89.10").click()

    expect(nora.get_by_role("heading", level=1, name="Jazz Juniors")).to_be_visible()
    expect(nora.get_by_test_id("toast")).to_contain_text("Juno is enrolled in Jazz Juniors.")
    expect(nora.locator("#payments")).to_contain_text("€89.10")
    sam.get_by_role("button", name="Enrol Juno for €89.10").click()
    expect(sam.get_by_test_id("toast")).to_contain_text("answered this offer already")
    expect(sam.get_by_test_id("offer-sheet")).to_have_count(0)


def give_theo_a_place(server: PortalServer) -> None:
    """The course he waits for grows, far enough for the two before him, who then do not want it."""
    with beside(server) as session:
        family_id = family_of(session, NORA)
        waits = select(Booking).where(
            Booking.family_id == family_id, Booking.open_reason == OpenReason.WAITING_LIST
        )
        course = session.get_one(Course, session.exec(waits).one().course_id)
        timetable.change_capacity(session, SYSTEM, course.id or 0, course.capacity + 3, clock.now())


def test_a_place_that_becomes_free_is_offered_in_open_windows_and_taken(
    fresh_demo: PortalServer, open_as: OpenPage
) -> None:
    nora, sam = open_as(fresh_demo, NORA), open_as(fresh_demo, SAM, "/bookings", viewport=DESK)
    expect(sam.get_by_text("Waiting list, 3rd")).to_be_visible()

    give_theo_a_place(fresh_demo)

    nudge = nora.get_by_test_id("nudges")
    expect(nudge).to_contain_text("A place for Theo in Stroke School 2", timeout=SOON)
    expect(sam.get_by_text("A place is yours until")).to_be_visible(timeout=SOON)
    nudge.get_by_role("link", name="See the place").click()
    nora.get_by_role("button", name="Take the place").click()
    sheet_of(nora, "offer-sheet").get_by_role("button", name="Take the place for €126.00").click()

    expect(nora.get_by_test_id("toast")).to_contain_text("Theo is enrolled in Stroke School 2.")
    expect(nora.locator("#payments")).to_contain_text("€126.00")
    expect(sam.get_by_text("A place is yours until")).to_have_count(0, timeout=SOON)


def test_a_place_that_is_not_wanted_is_given_to_the_next(fresh_demo: PortalServer, open_as: OpenPage) -> None:
    give_theo_a_place(fresh_demo)
    page = open_as(fresh_demo, NORA)
    page.get_by_test_id("nudges").get_by_role("link", name="See the place").click()
    page.get_by_role("button", name="Take the place").click()
    sheet_of(page, "offer-sheet").get_by_role("button", name="No, give it to the next in line").click()

    expect(page.get_by_test_id("toast")).to_contain_text("Theo no longer waits for Stroke School 2.")
    expect(page.get_by_text("You did not want the place any more.")).to_be_visible()


def test_an_enquiry_is_found_on_home(fresh_demo: PortalServer, open_as: OpenPage) -> None:
    page = open_as(fresh_demo, NORA)
    expect(page.get_by_test_id("enquiries")).to_contain_text("Your enquiry is with us")
