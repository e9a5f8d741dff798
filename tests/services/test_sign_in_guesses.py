"""What an attacker learns and reaches: nothing from time, nothing from guessing."""

import pytest

from portal import db, passwords
from portal.keyed import keyed_hash
from portal.rules import sign_in as rules
from portal.services import sign_in
from portal.services.desk import Desk
from portal.services.sign_in import Visitor
from tests.factories import Otterbrook
from tests.support.sign_in_guessing import SIGNED_IN, compared, guess
from tests.support.sign_in_racing import NORA
from tests.support.sign_in_timing import smallest_gap


def test_known_and_unknown_take_equally_long(fresh_db: str) -> None:
    assert smallest_gap(40) < 5


def test_the_gap_would_be_seen(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: hashing for those we know alone is found by the same measure."""
    request = sign_in.request

    def only_for_those_we_know(desk: Desk, visitor: Visitor, email: str, *rest: object) -> None:
        if email.startswith("known"):
            for _ in range(2):
                passwords.hash_code(desk.key, "7KQ4MX")
        request(desk, visitor, email, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sign_in, "request", only_for_those_we_know)

    assert smallest_gap(40, rounds=1) > 5


def quick_match(key: str, code: str, kept: str) -> bool:
    return keyed_hash(key, "code", code) == kept


def test_guessing_over_rotating_codes_opens_nothing(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a day of guessing, with a quick hash for argon2. 10,000 guesses: `python -m bench.sign_in`."""
    monkeypatch.setattr(passwords, "hash_code", lambda key, code: keyed_hash(key, "code", code))
    monkeypatch.setattr(passwords, "code_matches", quick_match)
    with db.unit_of_work() as session:
        Otterbrook(session).family(email=NORA)

    answers = guess(300)

    assert answers[SIGNED_IN] == 0
    assert compared(answers) == rules.FAILURES_PER_EMAIL, "ten are compared, the others refused unseen"
