"""A chosen member is known at once and written a moment later."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from portal import changes, db
from portal.actor import Actor
from portal.errors import DatabaseUnavailable
from portal.models.access import LoginSession
from portal.models.people import Member
from portal.services import shell
from portal.services.member_choices import Choices
from tests.factories import NOW
from tests.support.signing_in import signed_in


def written(who: Actor) -> str:
    with db.reading() as session:
        return session.exec(select(LoginSession.member_choice).where(LoginSession.id == who.login_id)).one()


def a_member(name: str) -> str:
    with db.reading() as session:
        return session.exec(select(Member.public_id).where(Member.first_name == name)).one()


@pytest.fixture
def heard() -> Iterator[list[tuple[str, frozenset[str]]]]:
    """Which window acted, and what was told."""
    told: list[tuple[str, frozenset[str]]] = []
    deaf = changes.listen(lambda topics: told.append((changes.acting_window.get(), topics)))
    yield told
    deaf()


@pytest.fixture(autouse=True)
def _nobody_acts() -> Iterator[None]:
    yield
    changes.acting_window.set("")


def test_of_many_presses_the_last_of_each_login_is_written_and_told_to_its_other_windows(
    fresh_db: str, heard: list[tuple[str, frozenset[str]]]
) -> None:
    noras, anns = signed_in(), signed_in("Moss", "Kit")
    heard.clear()
    pressed = Choices()
    for who, login, window in (("a", noras, "1"), ("b", noras, "1"), ("c", anns, "2")):
        pressed.note(login.login_id or 0, who, window)
    pressed.write()
    pressed.write()

    assert (written(noras), written(anns)) == ("b", "c")
    assert not pressed.waiting()
    assert heard == [
        ("1", frozenset([changes.login(noras.login_id or 0)])),
        ("2", frozenset([changes.login(anns.login_id or 0)])),
    ]


def test_everyone_is_written_as_nobody_in_particular(fresh_db: str) -> None:
    nora, pressed = signed_in(), Choices()
    for who in ("a", "all"):
        pressed.note(nora.login_id or 0, who, "1")
        pressed.write()

    assert written(nora) == ""
    assert pressed.last(nora.login_id, "") == "all"


def test_a_choice_is_known_before_it_is_written_and_only_of_a_member_they_may_see(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora, _ = signed_in(), signed_in("Moss", "Kit")
    choices = Choices()
    monkeypatch.setattr(shell, "choices", choices)

    def shown() -> str:
        with db.reading() as session:
            return shell.read(session, nora, NOW).who

    choices.note(nora.login_id or 0, a_member("Mila"), "1")
    assert shown() == a_member("Mila")
    choices.note(nora.login_id or 0, a_member("Kit"), "1")
    assert shown() == "all"
    choices.write()
    assert shown() == "all"


def test_what_cannot_be_written_now_waits(fresh_db: str) -> None:
    nora, pressed = signed_in(), Choices()
    pressed.note(nora.login_id or 0, "a", "1")
    db.bind("sqlite:////nowhere/portal.db")
    with pytest.raises(DatabaseUnavailable):
        pressed.write()
    db.bind(fresh_db)

    assert pressed.last(nora.login_id, "") == "a"
    pressed.write()
    assert written(nora) == "a"
