"""What a provider has in its database on the day it upgrades is all there afterwards, and works."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import col, select

from alembic import op
from portal import db
from portal.actor import Actor, ActorKind
from portal.models import Table
from portal.models.people import FamilyGuardian, Guardian
from portal.services import home
from tests.factories import NOW, Otterbrook
from tests.support import releases
from tests.support.databases import Databases
from tests.support.releases import REVISIONS, Counts


@pytest.fixture(params=REVISIONS)
def before(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Counts]:
    """The rows a portal of that release has, in the database that is open."""
    url = releases.left_by(databases, request.param)
    engine = db.bind(url)
    yield releases.counts()
    engine.dispose()
    databases.drop(url)


def test_no_row_is_lost_on_the_way_here(before: Counts) -> None:
    db.migrate()

    after = releases.counts()
    assert {table: after[table] for table in before} == before
    assert _broken_references() == []
    db.ping()


def test_the_tables_are_the_models(before: Counts) -> None:
    db.migrate()

    assert _differences(db.engine()) == []


def test_a_difference_would_be_noticed(before: Counts) -> None:
    db.migrate()
    with db.engine().begin() as connection:
        connection.execute(text("drop index ix_attendance_session_id"))

    assert _differences(db.engine())


def test_the_family_sees_its_home_and_new_rows_find_their_place(before: Counts) -> None:
    db.migrate()

    with db.unit_of_work() as session:
        asked = select(Guardian.id, FamilyGuardian.family_id).where(Guardian.email == "nora@demo.example")
        guardian_id, family_id = session.exec(
            asked.join(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
        ).one()
        seen = home.read(
            session, Actor(ActorKind.GUARDIAN, guardian_id=guardian_id, family_id=family_id), NOW, {}
        )
        Otterbrook(session).family("Brook", "Ida")
    assert seen.due.lines
    assert seen.coming_up
    assert not seen.empty


def test_a_migration_that_fails_leaves_everything_as_it_was(
    before: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(op, "create_index", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        db.migrate()

    assert releases.counts() == before
    with db.engine().connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() in REVISIONS


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Table.metadata)


def _broken_references() -> list[object]:
    if db.engine().dialect.name != "sqlite":
        return []  # PostgreSQL checks while it works
    with db.engine().connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
