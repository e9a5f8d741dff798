from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from portal import db
from portal.actor import SYSTEM
from portal.models.access import LoginSession
from portal.services import account, families
from tests.factories import NOW, Household, Otterbrook
from tests.support.queries import counted_queries


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def signed_in(
    house: Otterbrook, vale: Household, browser: str, seen: datetime = NOW, **values: datetime
) -> int:
    given: dict[str, Any] = {"expires_at": NOW + timedelta(days=30), **values}
    login = LoginSession(
        token_hash=browser,
        guardian_id=vale.guardian_id,
        family_id=vale.family_id,
        browser=browser,
        created_at=seen,
        last_seen_at=seen,
        **given,
    )
    house.db.add(login)
    house.db.flush()
    assert login.id is not None
    return login.id


def test_every_device_that_is_still_signed_in_is_listed_with_its_last_use(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    here = signed_in(house, vale, "Firefox on Linux")
    signed_in(house, vale, "Safari on iPhone", NOW - timedelta(days=2))
    signed_in(house, vale, "Idle for too long", NOW - timedelta(days=15))
    signed_in(house, vale, "Over", expires_at=NOW)
    signed_in(house, vale, "Signed out", revoked_at=NOW)
    signed_in(house, house.family("Moss"), "Somebody else's")

    view = account.read(house.db, replace(vale.guardian, login_id=here), NOW, {})

    assert [(one.title, one.meta) for one in view.devices] == [
        ("Firefox on Linux", ("Last used 12 March at 14:10",)),
        ("Safari on iPhone", ("Last used 10 March at 14:10",)),
    ]
    assert [bool(one.chips) for one in view.devices] == [True, False]
    assert view.devices_words == "Signed in on 2 devices."


def test_a_guardian_of_two_families_sees_which_one_is_open(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    moss_id = families.add_family(house.db, SYSTEM, "Moss", NOW)
    families.add_guardian(house.db, SYSTEM, moss_id, families.NewGuardian("Nora Vale", vale.email), NOW)

    view = account.read(house.db, vale.guardian, NOW, {})

    assert [(one.name, one.current) for one in view.families] == [("Moss", False), ("Vale", True)]


def test_members_are_the_open_familys_own(house: Otterbrook) -> None:
    vale, _ = house.family("Vale", "Mila", "Theo"), house.family("Moss", "Ida")

    view = account.read(house.db, vale.guardian, NOW, {})

    assert [one.title for one in view.members] == ["Mila Vale", "Theo Vale"]
    assert [(fact.label, fact.value) for fact in view.about] == [
        ("Name", "Nora Vale"),
        ("E-mail", vale.email),
    ]


def test_the_page_costs_six_queries(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo", "Juno")
    house.db.commit()

    with counted_queries() as sent, Session(db.engine()) as session:
        account.read(session, vale.guardian, NOW, {})

    assert len(sent) == 5
