"""Who acts, found in one query. The other tests of a login's life are in test_logins.py."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, delete, select

from portal import db
from portal.actor import SYSTEM, Actor
from portal.models.people import Family, FamilyGuardian
from portal.services import consents, logins
from portal.services.acting import actor_behind
from portal.services.consents import NewConsent
from tests.factories import NOW, Household, Otterbrook
from tests.support.queries import counted_queries


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def publish(house: Otterbrook, kind: str = "privacy", *, required: bool = True) -> int:
    return consents.publish(house.db, SYSTEM, NewConsent(kind, "Title", "", "Text.", required, 1), NOW)


def sign_in(house: Otterbrook, family: Household) -> str:
    return logins.token_hash(logins.open_for_guardian(house.db, family.guardian_id, "", NOW))


def who(house: Otterbrook, login: str) -> Actor:
    house.db.flush()
    found = actor_behind(house.db, login, NOW)
    assert found is not None
    return found


def test_one_query_tells_who_acts(house: Otterbrook) -> None:
    publish(house)
    login = sign_in(house, house.family())
    house.db.flush()

    with counted_queries() as queries:
        actor_behind(house.db, login, NOW)
    assert len(queries) == 1


def test_a_required_text_is_due_until_this_guardian_answers_whatever_others_did(house: Otterbrook) -> None:
    asked = publish(house)
    vale, moss = house.family("Vale"), house.family("Moss")
    nora, ann = sign_in(house, vale), sign_in(house, moss)
    consents.answer(house.db, vale.guardian_id, {asked: True}, NOW)

    assert not who(house, nora).consents_due
    assert who(house, ann).consents_due


def test_a_new_version_of_a_required_text_is_due_again(house: Otterbrook) -> None:
    vale = house.family()
    login = sign_in(house, vale)
    consents.answer(house.db, vale.guardian_id, {publish(house): True}, NOW)
    newest = publish(house)
    assert who(house, login).consents_due

    consents.answer(house.db, vale.guardian_id, {newest: False}, NOW)
    assert not who(house, login).consents_due


def test_only_the_newest_version_counts(house: Otterbrook) -> None:
    publish(house)
    vale = house.family()
    login = sign_in(house, vale)
    consents.answer(house.db, vale.guardian_id, {publish(house): True}, NOW)

    assert not who(house, login).consents_due


def test_an_optional_text_is_never_due(house: Otterbrook) -> None:
    publish(house, "photos", required=False)

    assert not who(house, sign_in(house, house.family())).consents_due


def test_a_guardian_who_left_the_family_sees_it_no_more(house: Otterbrook) -> None:
    vale = house.family()
    login = sign_in(house, vale)
    assert who(house, login).family_id == vale.family_id

    house.db.exec(delete(FamilyGuardian).where(col(FamilyGuardian.guardian_id) == vale.guardian_id))
    assert who(house, login).family_id is None


def test_an_erased_family_is_nobodys(house: Otterbrook) -> None:
    vale = house.family()
    login = sign_in(house, vale)
    house.db.exec(select(Family).where(col(Family.id) == vale.family_id)).one().erased_at = NOW

    assert who(house, login).family_id is None


@pytest.mark.parametrize("hashed", ["", "nobody's"])
def test_a_hash_that_is_nobodys_is_nobody(house: Otterbrook, hashed: str) -> None:
    sign_in(house, house.family())

    assert actor_behind(house.db, hashed, NOW) is None
