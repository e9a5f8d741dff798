"""The family with the longest story asks to be forgotten: of all that was ever written of it, what is still there."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from portal import db
from portal.actor import SYSTEM
from portal.demo import STAFF_PASSWORD, make_demo
from portal.models import Table
from portal.models.people import FamilyGuardian, Guardian
from portal.models.privacy import ErasureRequest
from portal.services import erasure
from tests.factories import NOW
from tests.support.databases import SQLiteFiles, fresh

NAMES = ("nora vale", "nora@demo.example", "lantern row", "mila vale", "theo vale", "juno vale")
KEPT_BY_LAW = {"invoice.content"}


@pytest.fixture
def demo(few_neighbours: None, sqlite_files: SQLiteFiles) -> Iterator[Session]:
    engine = db.bind(fresh(sqlite_files))
    assert make_demo(NOW, staff_password=STAFF_PASSWORD, hash_password=lambda password: f"hash of {password}")
    with db.unit_of_work() as session:
        yield session
    engine.dispose()


def found(demo: Session) -> set[str]:
    """The columns in which one of them is still named."""
    return {
        f"{table.name}.{column}"
        for table in Table.metadata.sorted_tables
        for row in demo.execute(table.select()).mappings()
        for column, value in row.items()
        if any(name in str(value).casefold() for name in NAMES)
    }


def test_an_erased_family_is_named_in_its_issued_documents_alone(demo: Session) -> None:
    nora = demo.exec(select(Guardian).where(col(Guardian.email) == "nora@demo.example")).one()
    family_id = demo.exec(
        select(FamilyGuardian.family_id).where(col(FamilyGuardian.guardian_id) == nora.id)
    ).one()
    assert found(demo) > KEPT_BY_LAW, "there is something to forget, and the search finds it"
    demo.add(ErasureRequest(guardian_id=nora.id or 0, family_id=family_id, asked_at=NOW, due_at=NOW))
    demo.flush()

    assert erasure.erase_due(demo, SYSTEM, NOW) == 1

    demo.flush()
    assert found(demo) == KEPT_BY_LAW
