"""Fifty at once on one code or link: one is signed in. 200 rounds of it: `python -m bench.sign_in`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from portal import db
from portal.errors import PortalError
from portal.models.access import LoginChallenge, LoginSession
from portal.rules import sign_in as rules
from portal.services import sign_in
from tests.factories import NOW, Otterbrook
from tests.support.sign_in_racing import DESK, HERE, NORA, race, secrets_of_newest

AT_ONCE = 50
ROUNDS = 3


@pytest.fixture
def vale(fresh_db: str) -> str:
    with db.unit_of_work() as session:
        Otterbrook(session).family(email=NORA)
    return fresh_db


def redeem_link(_code: str, link: str) -> object:
    return sign_in.redeem_link(HERE, link, NOW)


def redeem_code(code: str, _link: str) -> object:
    return sign_in.redeem_code(DESK, HERE, code, NOW)


def threads(redeem: Callable[[str, str], object], code: str, link: str) -> list[bool]:
    """Whether each of fifty threads, let go at the same moment, was signed in."""
    gate = Barrier(AT_ONCE)

    def one(_: int) -> bool:
        gate.wait()
        try:
            redeem(code, link)
        except PortalError:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def logins() -> int:
    with db.reading() as session:
        return len(session.exec(select(LoginSession)).all())


@pytest.mark.parametrize("redeem", [redeem_link, redeem_code])
def test_fifty_threads_on_one_message_are_one_login(vale: str, redeem: Callable[[str, str], object]) -> None:
    for done in range(ROUNDS):
        sign_in.request(DESK, HERE, NORA, "", NOW)
        assert sum(threads(redeem, *secrets_of_newest())) == 1
        assert logins() == done + 1


@pytest.mark.parametrize("how", ["code", "link"])
def test_processes_on_one_message_are_one_login(vale: str, how: str) -> None:
    assert race(vale, how, processes=4, threads=3) == 1
    assert logins() == 1


def test_without_the_condition_more_than_one_would_be_signed_in(
    vale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whatever_its_state(challenge_id: int | None, *_: Any) -> list[ColumnElement[bool]]:
        return [col(LoginChallenge.id) == challenge_id]

    monkeypatch.setattr(sign_in, "_open_challenge", whatever_its_state)
    monkeypatch.setattr(sign_in, "_refuse_unusable", lambda *_: None)
    sign_in.request(DESK, HERE, NORA, "", NOW)

    assert sum(threads(redeem_link, *secrets_of_newest())) > 1


def test_fifty_requests_at_once_send_five_messages(vale: str) -> None:
    def ask(_code: str, _link: str) -> None:
        sign_in.request(DESK, HERE, NORA, "", NOW)

    assert sum(threads(ask, "", "")) == rules.REQUESTS_PER_EMAIL


def test_fifty_wrong_codes_at_once_are_five_tries(vale: str) -> None:
    sign_in.request(DESK, HERE, NORA, "", NOW)
    code, _ = secrets_of_newest()
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    answers = []

    def guess(_code: str, _link: str) -> None:
        try:
            redeem_code(wrong, "")
        except PortalError as refusal:
            answers.append(type(refusal))
            raise

    assert not any(threads(guess, "", ""))
    assert answers.count(rules.WrongCode) == 4
    with db.reading() as session:
        assert session.exec(select(LoginChallenge.tries)).one() == rules.TRIES_PER_CODE
