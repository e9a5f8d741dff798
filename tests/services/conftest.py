"""The world that tests of services tell their story in."""

from collections.abc import Iterator

import pytest

from portal import db
from tests.factories import Otterbrook


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    """The provider, in a transaction of its own."""
    with db.unit_of_work() as session:
        yield Otterbrook(session)
