"""Fixtures for every test: databases of both kinds, Redis, the built front end and real servers."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

from portal import clock, db, frontend
from tests.support import offline, programs
from tests.support.databases import Cluster, Databases, SQLiteFiles, cluster, fresh, keep_engines
from tests.support.daylight import ByDay, by_day
from tests.support.portal_server import PortalServer, copied, demo_folder
from tests.support.proofs import FULL
from tests.support.redis_server import redis_server

# The same examples in every run, and no less time for one on a busy machine; a proof at full length finds its own.
hypothesis.settings.register_profile("portal", derandomize=not FULL, deadline=None)
hypothesis.settings.load_profile("portal")

StartPortal = Callable[..., PortalServer]

_SERVERS: dict[str, tuple[str, Callable[[], object]]] = {
    "postgres_cluster": ("PostgreSQL", programs.postgresql),
    "redis_url": ("Redis", programs.redis),
}
_DATABASES = ["sqlite", "postgresql"] if programs.postgresql() or programs.IN_CI else ["sqlite"]


def pytest_report_header() -> list[str]:
    return [f"{name}: {find() or 'not found, its tests are left out'}" for name, find in _SERVERS.values()]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a server this machine lacks (not in CI); browsers last: they hold a loop."""
    lacking = {fixture for fixture, (_, find) in _SERVERS.items() if not find()}
    if lacking and programs.IN_CI:
        raise pytest.UsageError(
            f"CI needs {', '.join(_SERVERS[fixture][0] for fixture in lacking)}: see .ci/run"
        )
    left_out = [item for item in items if lacking & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = sorted(
        (item for item in items if item not in left_out), key=lambda item: "browser" in item.path.parts
    )


@pytest.fixture(scope="session", autouse=True)
def this_machine_alone() -> Iterator[None]:
    """What a test forgot to replace is told, and not asked of somebody else's machine."""
    with pytest.MonkeyPatch.context() as patch:
        offline.stay_here(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def engines_that_know_their_statements() -> Iterator[None]:
    """A database that is lent again is asked with what was compiled for the last test."""
    with pytest.MonkeyPatch.context() as patch:
        keep_engines(patch)
        yield


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A private PostgreSQL."""
    found = programs.postgresql()
    assert found is not None
    with cluster(found) as running:
        yield running


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """A fresh PostgreSQL database with this version's tables."""
    made = fresh(postgres_cluster)
    yield made
    postgres_cluster.drop(made)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private Redis, empty at the start of the run."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SQLiteFiles:
    """Where fresh SQLite databases come from."""
    return SQLiteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=_DATABASES)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where databases come from, of SQLite and of PostgreSQL in turn."""
    kinds = {"sqlite": "sqlite_files", "postgresql": "postgres_cluster"}
    found: Databases = request.getfixturevalue(kinds[request.param])
    return found


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A fresh database with this version's tables, on SQLite and on PostgreSQL in turn."""
    made = fresh(databases)
    yield made
    databases.drop(made)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without tables, on SQLite and on PostgreSQL in turn."""
    made = databases.empty()
    yield made
    databases.drop(made)


@pytest.fixture
def fresh_db(database_url: str) -> Iterator[str]:
    """The same, opened for this process."""
    engine = db.bind(database_url)
    yield database_url
    engine.dispose()


@pytest.fixture(scope="session")
def built_frontend() -> None:
    """The front end, built from these sources."""
    frontend.ensure_built()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo provider, made once for all processes of a run; copy it before you write to it."""
    return _made_once(_of_the_run(tmp_path_factory), "demo", {})


@pytest.fixture(scope="session")
def demo_by_day(tmp_path_factory: pytest.TempPathFactory) -> ByDay:
    """The same as it is by day, also for tests that run in the evening."""
    run = _of_the_run(tmp_path_factory)
    with _alone(run / "hour"):
        agreed = run / "hour.json"
        if not agreed.exists():
            agreed.write_text(json.dumps(by_day(clock.now())))
        settings: dict[str, str] = json.loads(agreed.read_text())
    return ByDay(_made_once(run, "demo-by-day" if settings else "demo", settings), settings)


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share."""
    mine = factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


def _made_once(run: Path, name: str, settings: dict[str, str]) -> Path:
    with _alone(run / name):
        if not (run / name).exists():
            demo_folder(run / f"{name}-being-made", **settings).rename(run / name)
    return run / name


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def portal_server(built_frontend: None, demo_data: Path, tmp_path: Path) -> Iterator[StartPortal]:
    """Start real portals: portal_server(WORKERS="2", REDIS_URL=...). Each has its own copy of the demo,
    starts empty with demo=False, or takes the folder named."""
    running: list[PortalServer] = []

    def start(folder: Path | None = None, *, demo: bool = True, **settings: str) -> PortalServer:
        place = folder or tmp_path / f"portal-{len(running)}"
        if demo and not place.exists():
            copied(demo_data, place)
        running.append(PortalServer.start(place, **settings))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def demo_server(
    built_frontend: None, demo_by_day: ByDay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalServer]:
    """One portal with the demo provider for all tests that only look."""
    data = copied(demo_by_day.folder, tmp_path_factory.mktemp("shared") / "data")
    server = PortalServer.start(data, **demo_by_day.settings)
    yield server
    server.stop()
