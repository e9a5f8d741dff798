import json
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal import clock, db
from portal.actor import SYSTEM
from portal.models.people import FamilyRole
from portal.services import families
from portal.services.families import NewGuardian
from tests.support.accessible import violations_in_every_look
from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
QUIET, NEW = "quiet@families.example", "ada@elsewhere.example"


@pytest.fixture
def server(fresh_demo: PortalServer) -> PortalServer:
    """A portal where a family owes nothing and expects nothing."""
    engine = db.bind(f"sqlite:///{fresh_demo.folder}/portal.db")
    with db.unit_of_work() as session:
        now = clock.now()
        family_id = families.add_family(session, SYSTEM, "Quiet", now)
        families.add_guardian(
            session, SYSTEM, family_id, NewGuardian("Ada Quiet", QUIET), now, FamilyRole.HOLDER
        )
    engine.dispose()
    return fresh_demo


@pytest.fixture
def account(open_as: OpenPage, server: PortalServer) -> Page:
    """Their account, on a telephone."""
    return open_as(server, QUIET, "/account")


def test_everything_held_comes_as_one_file(account: Page) -> None:
    with account.expect_download() as begun:
        account.get_by_test_id("my-data").get_by_role("link").click()

    with zipfile.ZipFile(begun.value.path()) as file:
        held = json.loads(file.read("data.json"))
        assert [one["email"] for one in held["guardian"]] == [QUIET]
        assert {"README.txt", "guardian.csv", "family.csv"} <= set(file.namelist())


def test_the_address_changes_with_a_code_from_each(account: Page, server: PortalServer) -> None:
    before = len(server.mails_with_code(QUIET))
    account.get_by_role("button", name="Change e-mail").click()
    account.get_by_label("New e-mail address").fill(NEW)
    account.get_by_role("button", name="Send the codes").click()
    account.get_by_label("Code from your present address").fill(code(server.next_mail(QUIET, before)["text"]))
    account.get_by_label(f"Code from {NEW}").fill(code(server.next_mail(NEW)["text"]))
    assert violations_in_every_look(account) == []
    account.get_by_role("button", name="Change my e-mail").click()

    expect(account.get_by_test_id("email-sheet")).to_have_count(0)
    expect(account.get_by_test_id("about")).to_contain_text(NEW)


def test_erasure_is_asked_for_and_taken_back(account: Page) -> None:
    account.get_by_role("button", name="Erase everything").click()
    assert violations_in_every_look(account) == []
    account.get_by_role("button", name="Erase everything in 14 days").click()
    expect(account.get_by_text("Everything will be erased")).to_be_visible()

    account.get_by_test_id("my-data").get_by_role("button", name="Keep everything").click()

    expect(account.get_by_text("Everything will be erased")).to_have_count(0)
    expect(account.get_by_role("button", name="Erase everything")).to_be_visible()


def test_a_kind_of_message_that_is_switched_off_stays_off(account: Page) -> None:
    switch = account.get_by_role("switch", name="E-mail: A payment is due")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")

    account.reload()

    expect(switch).to_have_attribute("aria-checked", "false")
    assert violations_in_every_look(account) == []


def code(letter: str) -> str:
    """The code in a letter about the change."""
    found = re.search(r"Code from your (?:present|new) address: (\S+(?: \S+)?)\n", letter)
    assert found, letter
    return found[1]
