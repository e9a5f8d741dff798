"""The world that tests of services tell their story in."""

from collections.abc import Iterator

import pytest

from portal import db
from portal.actor import SYSTEM
from portal.services import provider
from tests.factories import NOW, Otterbrook
from tests.support.buying import Shop

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
