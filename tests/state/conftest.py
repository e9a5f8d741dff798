"""Houses to break into: the portal as it really runs, with the demo's families."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import db
from tests.support import break_in
from tests.support.break_in import House
from tests.support.portal_server import PortalServer, copied


@pytest.fixture(scope="module", params=["one worker", "two workers over Redis"])
def running_house(
    request: pytest.FixtureRequest,
    built_frontend: None,
    demo_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """One for all tests of a module: starting is what takes time."""
    redis_url = None if request.param == "one worker" else request.getfixturevalue("redis_url")
    shared = {"WORKERS": "2", "REDIS_URL": redis_url} if redis_url else {}
    folder = copied(demo_data, tmp_path_factory.mktemp("house") / "data")
    server = PortalServer.start(folder, EVENTS_PER_SECOND="1000000", **shared)
    db.bind(f"sqlite:///{folder / 'portal.db'}")
    yield House(server, redis_url, break_in.victim("nora@demo.example"))
    server.stop()


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    """The same, opened here too, and put right again afterwards."""
    engine = db.bind(f"sqlite:///{running_house.server.folder / 'portal.db'}")
    yield running_house
    break_in.give_back_shares()
    engine.dispose()
