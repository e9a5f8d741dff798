"""The world that tests of services tell their story in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from portal import db
from portal.actor import SYSTEM
from portal.models.commerce import Payment
from portal.services import provider
from portal.services.families import NewGuardian, add_guardian
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.buying import Shop
from tests.support.feeds import Calendars
from tests.support.pool import Pool
from tests.support.priced_places import Place
from tests.support.sharing_vales import Vales
from tests.support.signing_in import NORA

BANK = {"account_holder": "Otterbrook Classes", "iban": "SK3112000000198742637541", "bic": "TATRSKBX"}


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    """The provider, in a transaction of its own."""
    with db.unit_of_work() as session:
        yield Otterbrook(session)


@pytest.fixture
def shop(world: Otterbrook) -> Shop:
    """The Vales and what they buy from a provider that takes bank transfers."""
    provider.save(world.db, SYSTEM, dict(BANK), NOW)
    return Shop(world, world.family("Vale", "Mila", "Theo", "Juno"))


@pytest.fixture
def pool(world: Otterbrook) -> Pool:
    """The Vales and a drop-in programme that a pass opens."""
    return Pool(world)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    """A family with one child."""
    return world.family("Vale", "Mila")


@pytest.fixture
def owed(world: Otterbrook, vale: Household) -> list[Payment]:
    """€62.00, and €86.00 due a day later."""
    world.order(vale.family_id, 6200, due=(TODAY,))
    world.order(vale.family_id, 8600, due=(TODAY + timedelta(days=1),))
    return list(world.db.exec(select(Payment).order_by(col(Payment.due_on))).all())


@pytest.fixture
def place(world: Otterbrook) -> Place:
    """Kept, and not taken yet."""
    made = Place(world)
    made.is_kept()
    return made


@pytest.fixture
def session(fresh_db: str) -> Iterator[Session]:
    """A transaction of its own."""
    with db.unit_of_work() as opened:
        yield opened


@pytest.fixture
def vales(world: Otterbrook) -> Vales:
    """Nothing is shared yet."""
    family = world.family("Vale", "Mila", email="nora@vale.example")
    add_guardian(world.db, SYSTEM, family.family_id, NewGuardian("Sam Vale", "sam@vale.example"), NOW)
    return Vales(world, family, world.enrol(family["Mila"], world.course()))


@pytest.fixture
def calendars(world: Otterbrook) -> Calendars:
    """No link is made yet."""
    family = world.family("Vale", "Mila", "Theo")
    waves, ballet = world.course("Little Waves 2"), world.course("Ballet", weekday=4)
    return Calendars(world, family, world.enrol(family["Mila"], waves), world.enrol(family["Theo"], ballet))


@pytest.fixture
def nora(fresh_db: str) -> Household:
    """The family of who signs in, written down already."""
    with db.unit_of_work() as session:
        return Otterbrook(session).family(email=NORA)
