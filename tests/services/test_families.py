from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.people import Guardian, Member
from portal.services import families
from portal.services.families import AlreadyInFamily, BadEmail, NewGuardian, NewMember
from tests.factories import NOW, Otterbrook


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def positions(world: Otterbrook, family_id: int) -> dict[str, int]:
    rows = select(col(Member.first_name), col(Member.position)).where(col(Member.family_id) == family_id)
    return dict(world.db.execute(rows).all())


def test_members_take_the_next_position(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo", "Juno")
    assert positions(world, vale.family_id) == {"Mila": 1, "Theo": 2, "Juno": 3}


def test_a_position_that_became_free_is_taken_again(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.db.delete(world.db.get_one(Member, vale["Mila"]))
    world.db.flush()
    world.member(vale.family_id, "Juno")
    assert positions(world, vale.family_id) == {"Theo": 2, "Juno": 1}


def test_a_guardian_of_two_families_is_one_guardian(world: Otterbrook) -> None:
    first, second = (
        world.family("Rivera", email="Alex@Homes.Example"),
        world.family("Lind", email="alex@homes.example"),
    )
    assert first.guardian_id == second.guardian_id
    assert world.db.get_one(Guardian, first.guardian_id).email == "alex@homes.example"


def test_a_guardian_joins_a_family_once(world: Otterbrook) -> None:
    vale = world.family("Vale", email="nora@demo.example")
    with pytest.raises(AlreadyInFamily):
        families.add_guardian(world.db, SYSTEM, vale.family_id, NewGuardian("Nora", "NORA@demo.example"), NOW)


def test_what_is_no_address_is_refused(world: Otterbrook) -> None:
    with pytest.raises(BadEmail):
        families.known_guardian(world.db, SYSTEM, NewGuardian("Nora", "nora at home"), NOW)


def test_a_family_that_does_not_exist_is_not_found(world: Otterbrook) -> None:
    with pytest.raises(NotFound):
        families.add_member(world.db, SYSTEM, 999, NewMember("Mila"), NOW)


def test_a_guardian_does_not_add_members_by_themselves(world: Otterbrook) -> None:
    vale = world.family()
    with pytest.raises(NotAllowed):
        families.add_member(world.db, vale.guardian, vale.family_id, NewMember("Mila"), NOW)


def test_an_instant_without_a_zone_is_refused(world: Otterbrook) -> None:
    with pytest.raises(StatementError, match="naive"), world.db.begin_nested():
        families.add_family(world.db, SYSTEM, "Vale", datetime(2026, 3, 12))  # noqa: DTZ001 - that is the point
