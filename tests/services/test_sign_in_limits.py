"""How often a code may be tried and a message asked for, and what is kept of it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from portal import db
from portal.models.access import LoginChallenge, LoginFailure, LoginSession
from portal.rules import sign_in as rules
from portal.services import sign_in
from portal.services.sign_in import Visitor
from tests.factories import NOW, Household
from tests.support.signing_in import (
    HERE,
    HOUR,
    MINUTE,
    NORA,
    ask,
    code,
    enter,
    link,
    messages,
    rows,
    wrong_code,
)


def test_a_code_has_five_tries_and_the_link_still_works_after_them(nora: Household) -> None:
    ask()
    wrong = wrong_code()

    for left in (4, 3, 2, 1):
        with pytest.raises(rules.WrongCode) as told:
            enter(wrong)
        assert told.value.values == {"count": left}
    for typed in (wrong, code()):
        with pytest.raises(rules.TooManyTries):
            enter(typed)
    assert sign_in.redeem_link(HERE, link(), NOW)


def test_a_new_code_does_not_make_the_failures_forgotten(nora: Household) -> None:
    for _ in range(2):
        ask()
        for _ in range(5):
            with pytest.raises((rules.WrongCode, rules.TooManyTries)):
                enter(wrong_code())
    ask(now=NOW + 20 * HOUR)

    with pytest.raises(rules.CodesLocked):
        enter(code(), now=NOW + 20 * HOUR)
    assert sign_in.redeem_link(HERE, link(), NOW + 20 * HOUR), "links go on working"
    ask(now=NOW + 25 * HOUR)
    assert enter(code(), now=NOW + 25 * HOUR)


def test_a_right_code_is_not_a_failure(nora: Household) -> None:
    for _ in range(12):
        ask()
        enter(code())

    assert rows(LoginFailure) == 0


def test_what_cannot_be_a_code_costs_no_try(nora: Household) -> None:
    ask()
    for typed in ("hello", "", "12345"):
        with pytest.raises(rules.NotACode):
            enter(typed)

    assert rows(LoginFailure) == 0


@pytest.mark.parametrize("email", [NORA, "nobody@vale.example"])
def test_a_sixth_message_to_one_e_mail_within_the_hour_is_refused(nora: Household, email: str) -> None:
    for at in range(5):
        ask(email, Visitor(address=f"192.0.2.{at}", browser="b"), NOW + at * MINUTE)
    for elsewhere in ("198.51.100.1", "198.51.100.2"):
        with pytest.raises(rules.TooManyRequests):
            ask(email, Visitor(address=elsewhere, browser="b"), NOW + 59 * MINUTE)

    ask(email, now=NOW + HOUR)


def test_one_address_asks_for_twenty_messages_an_hour(nora: Household) -> None:
    for at in range(20):
        ask(f"guardian{at}@vale.example")
    with pytest.raises(rules.TooManyRequests):
        ask()

    ask(visitor=Visitor(address="192.0.2.8", browser="b"))
    ask(now=NOW + HOUR)


def test_whoever_signs_in_with_each_message_may_ask_again(nora: Household) -> None:
    for _ in range(8):
        ask()
        enter(code())

    assert len(messages()) == 8


def test_nothing_that_opens_a_door_is_kept_as_it_is(nora: Household) -> None:
    ask()
    typed, opened = code().replace(" ", ""), link()
    signed_in = enter(typed)

    with db.reading() as session:
        challenge, login = (
            session.exec(select(LoginChallenge)).one(),
            session.exec(select(LoginSession)).one(),
        )
    kept = f"{challenge.model_dump()} {login.model_dump()}"
    for secret in (typed, opened, signed_in.token, HERE.browser, HERE.address):
        assert secret not in kept


def test_old_challenges_and_failures_are_forgotten_after_a_day(nora: Household) -> None:
    ask()
    with pytest.raises(rules.WrongCode):
        enter(wrong_code())
    with db.unit_of_work() as session:
        sign_in.forget_old(session, NOW + timedelta(hours=24, seconds=1))

    assert rows(LoginChallenge) == rows(LoginFailure) == 0
