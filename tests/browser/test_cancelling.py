""" "Can't come" and back, as two parents of a family live it in two windows."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.accessible import violations_in_every_look
from tests.support.portal_server import PortalServer

NORA, SAM, RUTH = "nora@demo.example", "sam@demo.example", "ruth@demo.example"
CANT_COME, SIGN_BACK_UP = re.compile("^Can’t come"), re.compile("^Sign back up")
AT_ONCE = 2000
"""Milliseconds in which the other window follows."""


def next_week(page: Page) -> Locator:
    """Mila's second session in the agenda: early enough for a make-up."""
    return page.locator(".slot", has_text="Little Waves 2").nth(1)


def the_sheet(page: Page) -> Locator:
    return page.get_by_test_id("cancel-sheet")


def test_a_place_is_given_up_undone_given_up_and_taken_again_in_two_windows(
    open_as: OpenPage, fresh_demo: PortalServer
) -> None:
    nora, sam = open_as(fresh_demo, NORA, "/sessions"), open_as(fresh_demo, SAM, "/bookings")
    sam.get_by_role("link", name="Little Waves 2").first.click()
    theirs = sam.get_by_test_id("upcoming").locator("li").nth(1)
    expect(theirs.get_by_role("button", name=CANT_COME)).to_be_visible()

    next_week(nora).get_by_role("button", name=CANT_COME).click()
    expect(the_sheet(nora)).to_contain_text(re.compile("Cancel before .*: you get a make-up, book it by"))
    the_sheet(nora).get_by_role("button", name="Away").click()
    the_sheet(nora).get_by_role("button", name="Cancel Mila’s place").click()
    expect(nora.get_by_test_id("toast")).to_contain_text("is cancelled. You have a make-up to use")
    expect(next_week(nora)).to_contain_text(re.compile(r"You cancelled.*\d places? free, until", re.DOTALL))
    expect(theirs.get_by_role("button", name=SIGN_BACK_UP)).to_be_visible(timeout=AT_ONCE)

    nora.get_by_test_id("toast").get_by_role("button", name="Undo").click()
    expect(nora.get_by_test_id("toast")).to_contain_text("Mila keeps the place")
    expect(theirs.get_by_role("button", name=CANT_COME)).to_be_visible(timeout=AT_ONCE)

    theirs.get_by_role("button", name=CANT_COME).click()
    the_sheet(sam).get_by_role("button", name="Cancel Mila’s place").click()
    expect(next_week(nora).get_by_role("button", name=SIGN_BACK_UP)).to_be_visible(timeout=AT_ONCE)
    next_week(nora).get_by_role("button", name=SIGN_BACK_UP).click()
    expect(nora.get_by_test_id("toast")).to_contain_text("Mila is back in on")
    expect(theirs.get_by_role("button", name=CANT_COME)).to_be_visible(timeout=AT_ONCE)


def test_the_keyboard_is_enough_and_the_focus_comes_back(open_as: OpenPage, fresh_demo: PortalServer) -> None:
    page = open_as(fresh_demo, NORA)
    opener = page.get_by_test_id("next-session").get_by_role("button", name=CANT_COME).first
    opener.focus()
    page.keyboard.press("Enter")
    expect(the_sheet(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(the_sheet(page)).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    unwell = the_sheet(page).get_by_role("button", name="Unwell")
    unwell.focus()
    page.keyboard.press("Space")
    expect(unwell).to_have_attribute("aria-pressed", "true")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(the_sheet(page).get_by_role("button", name="Cancel Mila’s place")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("toast")).to_contain_text("Mila’s place today is cancelled")
    expect(page.locator("#main")).to_be_focused()
    undo = page.get_by_test_id("toast").get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(opener).to_be_visible()


def test_the_way_back_closes_the_sheet(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, NORA)
    page.get_by_test_id("quick-menu").get_by_role("link", name="Sessions").click()
    page.get_by_role("button", name=CANT_COME).first.click()
    expect(the_sheet(page)).to_be_visible()

    page.go_back()
    expect(page.get_by_test_id("next-session")).to_be_visible()
    page.go_forward()

    expect(page.get_by_role("button", name=CANT_COME).first).to_be_visible()
    expect(the_sheet(page)).to_have_count(0)


def test_the_sheet_is_accessible_in_every_look(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, NORA, "/sessions")
    page.get_by_role("button", name=CANT_COME).first.click()

    expect(the_sheet(page)).to_contain_text("No make-up this time")
    expect(the_sheet(page)).to_contain_text("Make-ups are given when you tell us at least 12 hours before.")
    assert violations_in_every_look(page) == []
    the_sheet(page).get_by_role("button", name="Keep the place").click()
    expect(the_sheet(page)).to_have_count(0)


def test_every_button_says_for_readers_which_session_it_is_about(
    open_as: OpenPage, demo_server: PortalServer
) -> None:
    page = open_as(demo_server, NORA, "/sessions")
    named = [one.get_attribute("aria-label") for one in page.get_by_role("button", name=CANT_COME).all()]
    assert len(named) > 5
    assert len(set(named)) == len(named)


def test_who_may_only_look_has_no_button(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, RUTH, "/sessions")
    expect(page.get_by_text("Little Waves 2").first).to_be_visible()
    expect(page.get_by_role("button", name=CANT_COME)).to_have_count(0)
