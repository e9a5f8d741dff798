from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal import db
from portal.models.access import LoginChallenge
from portal.rows.login import LoginView
from portal.rules.sign_in import AlreadyUsed, CodesLocked, Expired, TooManyRequests, TooManyTries, WrongCode
from portal.services import login_page
from portal.services.login_page import Visitor
from portal.services.logins import token_hash
from tests.factories import NOW, Otterbrook

HERE = Visitor("this browser")


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def asked_for_a_message(
    house: Otterbrook, browser: Visitor = HERE, tries: int = 0, seconds_ago: int = 20
) -> None:
    at = NOW - timedelta(seconds=seconds_ago)
    house.db.add(
        LoginChallenge(
            email="nora@vale.example",
            code_hash="",
            link_hash=f"{browser.token} {seconds_ago}",
            browser_hash=token_hash(browser.token),
            tries=tries,
            created_at=at,
            expires_at=at + timedelta(minutes=10),
        )
    )
    house.db.flush()


def look(house: Otterbrook, visitor: Visitor = HERE, **asked: str) -> LoginView:
    return login_page.read(house.db, visitor, NOW, asked)


def test_it_begins_with_the_address_and_the_brand(house: Otterbrook) -> None:
    view = look(house)

    assert (view.step, view.brand, view.email) == ("email", "Otterbrook", "")


def test_the_code_step_names_the_address_this_browser_asked_with(house: Otterbrook) -> None:
    asked_for_a_message(house)

    view = look(house, step="code")

    assert (view.step, view.email) == ("code", "nora@vale.example")
    assert view.wait == "25s", "another message may be asked for 45 seconds after the last"


def test_another_browser_is_never_told_an_address(house: Otterbrook) -> None:
    asked_for_a_message(house)

    for visitor in (Visitor(), Visitor("another browser")):
        view = look(house, visitor, step="code")
        assert (view.step, view.email) == ("email", "")
        assert view.problem == "We no longer know which address you asked with. Please type it again."


def test_a_wrong_code_says_how_many_tries_are_left(house: Otterbrook) -> None:
    asked_for_a_message(house, tries=4)

    assert look(house, step="code", problem="sign_in.wrong_code").problem.endswith("You have 1 try left.")


def test_every_problem_has_its_own_words_and_an_invented_one_has_none(house: Otterbrook) -> None:
    asked_for_a_message(house)
    refusals = (WrongCode, Expired, AlreadyUsed, TooManyTries, CodesLocked, TooManyRequests)
    keys = [refusal.message_key for refusal in refusals]

    words = {look(house, step="code", problem=key).problem for key in keys}

    assert len(words - {""}) == len(keys)
    for invented in ("<b>", "families.bad_email", "sign_in."):
        assert look(house, step="code", problem=invented).problem == ""


def test_an_address_cannot_fill_the_form_of_a_link(house: Otterbrook) -> None:
    for step in ("confirm", "entering"):
        view = look(house, step=step, token="somebody else's link")
        assert (view.step, view.token) == ("email", "")


def test_a_link_that_is_over_has_a_page_of_its_own(house: Otterbrook) -> None:
    assert look(house, step="link_used").step == "link_used"
    assert look(house, step="link_expired").step == "link_expired"


def test_the_demo_leads_to_its_inbox_and_nothing_else_does(house: Otterbrook) -> None:
    asked_for_a_message(house)

    assert look(house, Visitor(HERE.token, demo=True), step="code").demo_inbox == "/demo/inbox"
    assert look(house, step="code").demo_inbox == ""


def test_a_browser_that_keeps_no_cookies_is_shown_the_way_out_instead_of_a_loop(house: Otterbrook) -> None:
    asked_for_a_message(house)

    assert look(house, Visitor(), step="code").no_cookies
    assert not look(house, Visitor("another browser"), step="code").no_cookies
    assert not look(house, Visitor(hashed="an open window's"), step="code").no_cookies
    assert not look(house, Visitor()).no_cookies
