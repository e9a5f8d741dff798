"""What a transaction tells: whom its rows concern, once they are committed, and never before."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from sqlmodel import col

from portal import changes, db
from portal.models.people import Family, Member
from portal.models.provider import Holiday
from tests.factories import TODAY, Household, Otterbrook


@pytest.fixture
def family(fresh_db: str) -> Household:
    with db.unit_of_work() as session:
        return Otterbrook(session).family("Vale", "Mila")


@pytest.fixture
def heard(family: Household) -> Iterator[list[str]]:
    """Every topic that was told, in order."""
    found: list[str] = []
    deaf = changes.listen(lambda topics: found.extend(sorted(topics)))
    yield found
    deaf()


def test_a_changed_row_concerns_its_family_after_the_commit(family: Household, heard: list[str]) -> None:
    with db.unit_of_work() as session:
        session.get_one(Member, family["Mila"]).first_name = "Miluška"
        session.flush()
        assert heard == []

    assert heard == [changes.family(family.family_id)]


def test_what_is_undone_concerns_nobody(family: Household, heard: list[str]) -> None:
    def change_and_fail() -> None:
        with db.unit_of_work() as session:
            session.get_one(Member, family["Mila"]).first_name = "Miluška"
            session.flush()
            raise RuntimeError("the card was refused")

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert heard == []


def test_what_the_provider_sets_concerns_everyone(heard: list[str]) -> None:
    with db.unit_of_work() as session:
        session.add(Holiday(day=TODAY, name="Easter"))

    assert heard == [changes.EVERYONE]


def test_a_deleted_row_concerns_its_family_too(family: Household, heard: list[str]) -> None:
    with db.unit_of_work() as session:
        session.delete(session.get_one(Member, family["Mila"]))

    assert heard == [changes.family(family.family_id)]


def test_what_rows_do_not_show_is_said(family: Household, heard: list[str]) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Family).where(col(Family.id) == family.family_id).values(name="Vale-Brook"))
        db.touch(session, changes.family(family.family_id))

    assert heard == [changes.family(family.family_id)]


def test_looking_concerns_nobody(family: Household, heard: list[str]) -> None:
    with db.reading() as session:
        session.get_one(Member, family["Mila"])
    with db.unit_of_work() as session:
        session.get_one(Member, family["Mila"])

    assert heard == []
