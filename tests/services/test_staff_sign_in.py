from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from passlib.totp import TOTP
from sqlmodel import select

from portal import db, passwords
from portal.actor import SYSTEM, ActorKind, StaffRole
from portal.models.access import LoginFailure
from portal.models.people import Staff
from portal.rules import sign_in as rules
from portal.services import logins, staff, staff_sign_in
from portal.services.sign_in import Visitor
from portal.services.staff_sign_in import sign_in_staff
from tests.factories import NOW

HERE = Visitor(address="192.0.2.7")
PETRA = "petra@otterbrook.example"
PASSWORD = "otter and heron"


@pytest.fixture(autouse=True)
def _petra(fresh_db: str) -> None:
    """Petra is an owner."""
    with db.unit_of_work() as session:
        staff.add(
            session, SYSTEM, "Petra Hanák", PETRA, passwords.hash_password(PASSWORD), StaffRole.OWNER, NOW
        )


def change(**values: object) -> None:
    with db.unit_of_work() as session:
        petra = session.exec(select(Staff)).one()
        for name, value in values.items():
            setattr(petra, name, value)


def test_the_right_password_signs_in() -> None:
    token = sign_in_staff(HERE, f" {PETRA.upper()} ", PASSWORD, "", NOW)

    with db.reading() as session:
        actor = logins.actor_of(session, token, NOW)
        assert session.exec(select(LoginFailure)).all() == []
    assert actor is not None
    assert (actor.kind, actor.staff_role) == (ActorKind.STAFF, StaffRole.OWNER)


@pytest.mark.parametrize(
    ("email", "password"), [(PETRA, "otter"), ("nobody@otterbrook.example", PASSWORD), (PETRA, "")]
)
def test_what_is_not_right_is_not_said(email: str, password: str) -> None:
    with pytest.raises(rules.WrongPassword):
        sign_in_staff(HERE, email, password, "", NOW)


def test_somebody_who_left_does_not_come_in() -> None:
    change(active=False)
    with pytest.raises(rules.WrongPassword):
        sign_in_staff(HERE, PETRA, PASSWORD, "", NOW)


def test_after_ten_failures_even_the_right_password_waits_a_day() -> None:
    for _ in range(10):
        with pytest.raises(rules.WrongPassword):
            sign_in_staff(HERE, PETRA, "guess", "", NOW)
    with pytest.raises(rules.PasswordsLocked):
        sign_in_staff(HERE, PETRA, PASSWORD, "", NOW + timedelta(hours=23))

    assert sign_in_staff(HERE, PETRA, PASSWORD, "", NOW + timedelta(hours=24, seconds=1))


def test_with_a_one_time_password_the_other_is_not_enough() -> None:
    secret = TOTP.new()
    change(totp_secret=secret.base32_key)
    for one_time in ("", "000000", "hello", secret.generate(NOW - timedelta(minutes=5)).token):
        with pytest.raises(rules.WrongPassword):
            sign_in_staff(HERE, PETRA, PASSWORD, one_time, NOW)

    assert sign_in_staff(HERE, PETRA, PASSWORD, secret.generate(NOW).token, NOW)


def test_a_one_time_password_is_good_for_one_sign_in() -> None:
    secret, seconds = TOTP.new(), timedelta(seconds=1)
    change(totp_secret=secret.base32_key)
    first, next_one = (secret.generate(NOW + at * seconds).token for at in (0, 30))

    assert sign_in_staff(HERE, PETRA, PASSWORD, first, NOW)
    for again in (first, secret.generate(NOW - 30 * seconds).token):
        with pytest.raises(rules.WrongPassword):
            sign_in_staff(HERE, PETRA, PASSWORD, again, NOW + seconds)
    assert sign_in_staff(HERE, PETRA, PASSWORD, next_one, NOW + 30 * seconds)
    with pytest.raises(rules.WrongPassword):
        sign_in_staff(HERE, PETRA, PASSWORD, next_one, NOW + 31 * seconds)


def test_a_wrong_password_uses_no_one_time_password_up() -> None:
    secret = TOTP.new()
    change(totp_secret=secret.base32_key)
    token = secret.generate(NOW).token
    with pytest.raises(rules.WrongPassword):
        sign_in_staff(HERE, PETRA, "otter", token, NOW)

    assert sign_in_staff(HERE, PETRA, PASSWORD, token, NOW)


@pytest.mark.parametrize(("guarded", "came_in"), [(True, 1), (False, 6)], ids=["guarded", "control"])
def test_of_several_who_send_the_same_one_time_password_at_once_one_comes_in(
    monkeypatch: pytest.MonkeyPatch, guarded: bool, came_in: int
) -> None:
    secret = TOTP.new()
    change(totp_secret=secret.base32_key)
    token = secret.generate(NOW).token
    if not guarded:
        monkeypatch.setattr(staff_sign_in, "_one_time_is_new", lambda *_: True)

    def signs_in(_: int) -> bool:
        with suppress(rules.WrongPassword):
            return bool(sign_in_staff(HERE, PETRA, PASSWORD, token, NOW))
        return False

    with ThreadPoolExecutor(6) as at_once:
        assert sum(at_once.map(signs_in, range(6))) == came_in
