"""A house whose data is backed up and comes back, on both databases."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import backups, db
from portal.backups import Manifest, Restored, kinds
from portal.models.people import AuditEntry
from tests.factories import NOW
from tests.support import programs, releases
from tests.support.databases import Databases
from tests.support.releases import Counts


@dataclass
class House:
    """A database with a used demo in it, and a shelf for backups."""

    url: str
    shelf: Path
    moments: Iterator[int] = field(default_factory=count)

    def back_up(self, name: str = "house.backup") -> Manifest:
        return backups.back_up(self.url, self.file(name), NOW)

    def restore(self, name: str = "house.backup", *, replace: bool = True) -> Restored:
        now = NOW + timedelta(seconds=next(self.moments))
        return backups.restore(self.url, self.file(name), self.shelf, now, replace=replace)

    def clear(self) -> None:
        """As on a machine where nothing has been yet."""
        kinds.of(self.url).clear()
        db.bind(self.url)

    def file(self, name: str) -> Path:
        return self.shelf / name

    def rows(self) -> Counts:
        return releases.counts()


def note(action: str = "noted") -> None:
    """One more row, and one beside it in the same transaction."""
    with db.unit_of_work() as session:
        session.add(AuditEntry(at=NOW, actor_kind="system", action=action))
        session.flush()
        session.add(AuditEntry(at=NOW, actor_kind="system", action=action))


def noted() -> int:
    """How many such rows there are."""
    with db.reading() as session:
        found: int = session.execute(
            text("select count(*) from audit_entry where action = 'noted'")
        ).scalar_one()
        return found


@pytest.fixture(autouse=True)
def _postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that runs are the ones that are found."""
    found = programs.postgresql()
    if found:
        monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def older_house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """As the first release left it."""
    url = releases.left_by(databases, "0001")
    db.bind(url)
    yield House(url, tmp_path)
    db.engine().dispose()
    databases.drop(url)


@pytest.fixture
def house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """At this version."""
    url = databases.copy_of("release_0001_here", _brought_here)
    db.bind(url)
    yield House(url, tmp_path)
    db.engine().dispose()
    databases.drop(url)


def _brought_here(url: str) -> None:
    releases.lay_down(url, "0001")
    engine = db.bind(url)
    db.migrate()
    engine.dispose()
