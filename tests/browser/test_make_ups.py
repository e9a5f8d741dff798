"""A make-up on a phone: chosen, raced for in two windows, undone."""

import re
from datetime import date, time, timedelta
from functools import partial

from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from portal import clock, db
from portal.actor import SYSTEM
from portal.models.classes import Course
from portal.models.people import FamilyGuardian, Guardian, Member
from portal.services import attendance, enrolment, timetable
from portal.services.timetable import NewCourse
from tests.browser.conftest import OpenPage
from tests.support.accessible import violations_in_every_look
from tests.support.portal_server import PortalServer

NORA, OMAR = "nora@demo.example", "omar@demo.example"
CHOOSE = "Choose a session"
BOOK = re.compile("^Book ")


def the_sheet(page: Page) -> Locator:
    return page.get_by_test_id("make-up-sheet")


def opened(page: Page) -> Locator:
    """The sheet of Mila's make-up."""
    page.get_by_role("button", name=CHOOSE).first.click()
    expect(the_sheet(page)).to_contain_text("Choose a make-up for Mila")
    return the_sheet(page)


def pick_the_first(page: Page) -> str:
    """What the button then says."""
    the_sheet(page).locator(".opt").first.click()
    button = the_sheet(page).get_by_role("button", name=BOOK)
    expect(button).to_be_visible()
    return button.inner_text()


def test_a_session_is_filtered_chosen_booked_and_undone(open_as: OpenPage, fresh_demo: PortalServer) -> None:
    page = open_as(fresh_demo, NORA)
    sheet = opened(page)
    sheet.get_by_role("button", name="Weekdays").click()
    expect(sheet.get_by_role("button", name="Weekdays")).to_have_attribute("aria-pressed", "true")
    chosen = pick_the_first(page)
    sheet.get_by_role("button", name=BOOK).click()
    expect(page.get_by_test_id("toast")).to_contain_text(chosen.removeprefix("Book "))
    expect(page.get_by_role("button", name=CHOOSE)).to_have_count(0)
    page.get_by_test_id("toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("toast")).to_contain_text("Mila’s make-up is yours again")
    expect(page.get_by_role("button", name=CHOOSE)).to_have_count(1)


def one_place_for_two(fresh_demo: PortalServer) -> None:
    """Omar's child has a make-up of Mila's programme too, and lane 9 has one place."""
    db.bind(f"sqlite:///{fresh_demo.folder}/portal.db")
    now = clock.now()
    with db.unit_of_work() as session:
        mila = session.exec(
            select(Member).where(Member.first_name == "Mila", Member.last_name == "Vale")
        ).one()
        waves = session.exec(select(Course).where(Course.name == "Little Waves 2")).first()
        assert waves is not None
        of = select(Member).join(FamilyGuardian, col(FamilyGuardian.family_id) == col(Member.family_id))
        of = of.join(Guardian, col(Guardian.id) == col(FamilyGuardian.guardian_id)).where(
            Guardian.email == OMAR
        )
        child = session.exec(of).first()
        assert child is not None
        child.birth_date = mila.birth_date
        new = partial(_course, waves.programme_id, waves.place_id, now.date())
        own = timetable.add_course(session, SYSTEM, new("Own", capacity=2, hour=7, weeks=3))
        timetable.add_course(session, SYSTEM, new("Last", capacity=1, hour=6, weeks=2, room="lane 9"))
        booked = enrolment.book(session, SYSTEM, child.id or 0, own, now)
        attendance.cancel(session, SYSTEM, booked.sessions[-1].attendance_id, now)


def _course(
    programme: int,
    place: int,
    today: date,
    name: str,
    *,
    capacity: int,
    hour: int,
    weeks: int,
    room: str = "",
) -> NewCourse:
    first = today + timedelta(days=8)
    ends = first + timedelta(weeks=weeks - 1)
    at = (time(hour), time(hour, 30))
    return NewCourse(programme, place, name, first.weekday(), *at, first, ends, capacity, room=room)


def test_two_families_want_the_last_place_and_the_slower_keeps_the_make_up(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    one_place_for_two(fresh_demo)
    nora, omar = open_as(fresh_demo, NORA, "/benefits"), open_as(fresh_demo, OMAR)
    for page in (nora, omar):
        page.get_by_role("button", name=CHOOSE).first.click()
        the_sheet(page).locator(".opt", has_text="lane 9").first.click()
        expect(the_sheet(page).get_by_role("button", name=BOOK)).to_be_visible()
    the_sheet(nora).get_by_role("button", name=BOOK).click()
    expect(nora.get_by_test_id("toast")).to_contain_text("Mila comes to Last on")
    the_sheet(omar).get_by_role("button", name=BOOK).click()
    expect(the_sheet(omar)).to_contain_text("That place was just taken. Your make-up is still yours.")
    expect(the_sheet(omar).locator(".opt", has_text="lane 9")).to_have_count(1)
    expect(the_sheet(omar).get_by_role("button", name=BOOK)).to_have_count(0)


def test_the_sheet_is_accessible_in_every_look(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, NORA, "/benefits")
    opened(page)
    pick_the_first(page)
    assert violations_in_every_look(page) == []
