"""A look is used again only while it would be read the same."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from portal import commits, db
from portal.actor import Actor
from portal.errors import NotFound, SignedOut
from portal.models.provider import Holiday
from portal.rows.common import Shown
from portal.services import home
from portal.services.looks import Look, Looks
from portal.services.member_choices import choices
from tests.factories import NOW
from tests.support.signing_in import signed_in

MINUTE = timedelta(minutes=1)


class Diary:
    """A page that counts how often it is read."""

    def __init__(self) -> None:
        self.readings = 0

    def __call__(self, db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> Any:
        self.readings += 1
        return home.read(db, actor, now, asked)


@pytest.fixture
def vale(fresh_db: str) -> Actor:
    return signed_in("Vale")


@pytest.fixture
def seen() -> Looks:
    return Looks()


@pytest.fixture
def diary() -> Diary:
    return Diary()


def look(seen: Looks, actor: Actor, diary: Any, now: datetime = NOW, **asked: str) -> Look:
    with db.reading() as session:
        return seen.at(session, actor, now, diary, asked)


def close_the_house() -> None:
    with db.unit_of_work() as session:
        session.add(Holiday(day=NOW.date(), name="Closed"))


def test_the_document_and_the_live_page_share_one_reading(vale: Actor, seen: Looks, diary: Diary) -> None:
    first, again = (look(seen, vale, diary) for _ in range(2))

    assert first == again
    assert diary.readings == (1 if commits.mark() else 2)


@pytest.mark.parametrize(
    "change", ["a commit", "the next minute", "another address", "a press not written yet"]
)
def test_it_is_read_again_after(vale: Actor, seen: Looks, diary: Diary, change: str) -> None:
    look(seen, vale, diary)
    now, asked = NOW, {}
    if change == "a commit":
        close_the_house()
    elif change == "the next minute":
        now = NOW.replace(second=0) + MINUTE
    elif change == "another address":
        asked = {"show": "past"}
    else:
        choices.note(vale.login_id or 0, look(seen, vale, diary).shell.members[0].id, "window")
    read_before = diary.readings
    found = look(seen, vale, diary, now, **asked)

    assert diary.readings > read_before
    assert found.shell.who == (found.shell.members[0].id if change == "a press not written yet" else "all")
    choices.write()


def test_what_was_committed_while_it_was_read_is_read_again(vale: Actor, seen: Looks) -> None:
    class Interrupted(Diary):
        def __call__(self, *asks: Any) -> Any:
            found = super().__call__(*asks)
            asks[0].rollback()  # the look is over; what SQLite locked is free
            if self.readings == 1:
                close_the_house()
            return found

    diary = Interrupted()
    look(seen, vale, diary)
    look(seen, vale, diary)

    assert diary.readings == 2


def test_nobody_gets_the_look_of_somebody_else(vale: Actor, seen: Looks, diary: Diary) -> None:
    reed = signed_in("Reed")
    theirs = look(seen, vale, diary)
    ours = look(seen, reed, diary)

    assert diary.readings == 2
    assert ours.shell.guardian != theirs.shell.guardian


def test_a_login_that_is_over_is_told_so(vale: Actor, seen: Looks, diary: Diary) -> None:
    look(seen, vale, diary)
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("delete from login_session")

    with pytest.raises(SignedOut):
        look(seen, vale, diary)


def test_what_is_not_there_is_a_look_without_a_view(vale: Actor, seen: Looks) -> None:
    def nothing(*_: Any) -> Shown:
        raise NotFound

    assert look(seen, vale, nothing).view is None


def test_nothing_is_remembered_of_what_was_before_a_commit(vale: Actor, seen: Looks, diary: Diary) -> None:
    look(seen, vale, diary, show="past")
    close_the_house()
    look(seen, vale, diary)

    assert len(seen._kept) == (1 if commits.mark() else 0)


def test_only_the_last_ones_are_kept(
    vale: Actor, seen: Looks, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.looks._MOST", 3)
    for number in range(5):
        look(seen, vale, diary, month=str(number))
    look(seen, vale, diary, month="x" * 10_000)

    assert len(seen._kept) <= 3
