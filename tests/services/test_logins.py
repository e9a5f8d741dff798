from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from portal import changes, db
from portal.actor import SYSTEM, Actor
from portal.errors import NotFound, SignedOut
from portal.models.access import LoginSession
from portal.models.people import Family, FamilyGuardian, Staff
from portal.services import consents, logins
from portal.services.consents import NewConsent
from tests.factories import NOW, Otterbrook
from tests.support.queries import counted_queries

DAY = timedelta(days=1)
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def opened(house: Otterbrook, guardian_id: int) -> tuple[str, Actor]:
    token = logins.open_for_guardian(house.db, guardian_id, PHONE, NOW)
    actor = logins.actor_of(house.db, token, NOW)
    assert actor is not None
    return token, actor


def test_a_login_lasts_thirty_days_if_it_is_used(house: Otterbrook) -> None:
    token, actor = opened(house, house.family().guardian_id)
    assert actor.login_id is not None

    for day in (13, 26):
        assert logins.actor_of(house.db, token, NOW + day * DAY)
        logins.write_seen(house.db, {actor.login_id}, NOW + day * DAY)
        house.db.expire_all()
    assert logins.actor_of(house.db, token, NOW + 30 * DAY - timedelta(seconds=1))
    assert logins.actor_of(house.db, token, NOW + 30 * DAY) is None


def test_a_login_ends_after_fourteen_idle_days(house: Otterbrook) -> None:
    token, _ = opened(house, house.family().guardian_id)

    assert logins.actor_of(house.db, token, NOW + 14 * DAY - timedelta(seconds=1))
    assert logins.actor_of(house.db, token, NOW + 14 * DAY) is None


@pytest.mark.parametrize("token", ["", "invented", "x" * 5000, "\x00"])
def test_an_invented_token_is_nobody(house: Otterbrook, token: str) -> None:
    assert logins.actor_of(house.db, token, NOW) is None


def test_who_is_behind_a_cookie_takes_two_queries_with_any_number_of_consents(house: Otterbrook) -> None:
    for number in range(5):
        consents.publish(house.db, SYSTEM, NewConsent(f"kind{number}", "T", "", "Text.", True, number), NOW)
    token, actor = opened(house, house.family().guardian_id)

    with counted_queries() as queries:
        logins.actor_of(house.db, token, NOW)
    assert actor.consents_due
    assert len(queries) <= 2


def test_looking_writes_nothing(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        token = logins.open_for_guardian(session, Otterbrook(session).family().guardian_id, "", NOW)
    with db.reading() as session:
        logins.actor_of(session, token, NOW + 2 * DAY)
        assert not session.new
        assert not session.dirty


def test_staff_who_left_are_nobody(house: Otterbrook) -> None:
    staff_id = house.staff().staff_id
    assert staff_id is not None
    token = logins.open_for_staff(house.db, staff_id, "", NOW)
    assert logins.actor_of(house.db, token, NOW)

    petra = house.db.get(Staff, staff_id)
    assert petra is not None
    petra.active = False
    house.db.flush()
    assert logins.actor_of(house.db, token, NOW) is None


def test_ending_one_login_leaves_the_others(house: Otterbrook) -> None:
    guardian_id = house.family().guardian_id
    (phone, _), (laptop, _) = opened(house, guardian_id), opened(house, guardian_id)
    logins.end(house.db, phone, NOW)
    logins.end(house.db, phone, NOW)

    assert logins.actor_of(house.db, phone, NOW) is None
    assert logins.actor_of(house.db, laptop, NOW)


def test_ending_everywhere_ends_every_login_of_this_guardian_alone(house: Otterbrook) -> None:
    nora, ann = house.family().guardian_id, house.family("Moss").guardian_id
    (phone, actor), (laptop, _), (anns, _) = opened(house, nora), opened(house, nora), opened(house, ann)

    assert logins.end_everywhere(house.db, actor, NOW) == 2
    assert logins.actor_of(house.db, phone, NOW) is logins.actor_of(house.db, laptop, NOW) is None
    assert logins.actor_of(house.db, anns, NOW)


def test_the_windows_of_an_ended_login_hear_of_it(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        token, actor = opened(Otterbrook(session), Otterbrook(session).family().guardian_id)
    heard: list[frozenset[str]] = []
    deaf = changes.listen(heard.append)
    with db.unit_of_work() as session:
        logins.end(session, token, NOW)
    deaf()

    assert actor.login_id is not None
    assert heard == [frozenset({changes.login(actor.login_id)})]


def test_another_family_opens_with_everyone_in_it(house: Otterbrook) -> None:
    vale, moss, stone = house.family(), house.family("Moss"), house.family("Stone")
    house.db.add(FamilyGuardian(family_id=moss.family_id, guardian_id=vale.guardian_id))
    token, actor = opened(house, vale.guardian_id)
    house.db.exec(select(LoginSession)).one().member_choice = "mila"

    logins.switch_family(house.db, actor, _public_id(house, moss.family_id))
    moved = logins.actor_of(house.db, token, NOW)
    assert moved is not None
    assert moved.family_id == moss.family_id
    assert house.db.exec(select(LoginSession.member_choice)).one() == ""
    with pytest.raises(NotFound):
        logins.switch_family(house.db, actor, _public_id(house, stone.family_id))


def test_an_ended_login_opens_no_family(house: Otterbrook) -> None:
    vale = house.family()
    token, actor = opened(house, vale.guardian_id)
    logins.end(house.db, token, NOW)

    with pytest.raises(SignedOut):
        logins.switch_family(house.db, actor, _public_id(house, vale.family_id))


def test_an_erased_family_is_not_opened(house: Otterbrook) -> None:
    vale = house.family()
    family = house.db.get(Family, vale.family_id)
    assert family is not None
    family.erased_at = NOW
    house.db.flush()

    assert opened(house, vale.guardian_id)[1].family_id is None


def test_a_device_is_called_as_people_call_it(house: Otterbrook) -> None:
    opened(house, house.family().guardian_id)

    assert house.db.exec(select(LoginSession.browser)).one() == "Chrome on Android"


def _public_id(house: Otterbrook, family_id: int) -> str:
    family = house.db.get(Family, family_id)
    assert family is not None
    return family.public_id
