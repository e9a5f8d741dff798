"""Numbers without gaps, however many issue at once. Full length: `make proofs`."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.models.documents import DocumentSeries
from portal.services import provider
from portal.services.document_numbers import shown
from tests.factories import NOW, Otterbrook
from tests.support.invoice_racing import race, serials
from tests.support.proofs import rounds

PROCESSES = 3


def orders(many: int) -> list[int]:
    """Orders from before the provider issued invoices."""
    with db.unit_of_work() as session:
        world = Otterbrook(session, settings={"invoices": False})
        vale = world.family("Vale", "Mila")
        placed = [world.order(vale.family_id, 6200).order_id for _ in range(many)]
        provider.save(session, SYSTEM, {"invoices": True}, NOW)
    return placed


@pytest.mark.proof
def test_numbers_have_no_gap_and_no_double_however_many_issue_at_once(fresh_db: str) -> None:
    many = rounds(48, 1000)
    placed = orders(many)

    refused = race(fresh_db, placed, processes=PROCESSES)

    assert (refused, serials()) == (0, list(range(1, many + 1)))
    with db.reading() as session:
        assert session.execute(select(col(DocumentSeries.last_serial))).scalar_one() == many
    print(f"{many} invoices by {PROCESSES} processes, every fifth undone once: 0 gaps, 0 doubles")


def test_without_the_lock_two_would_take_the_same_number(fresh_db: str) -> None:
    placed = orders(60)

    refused = race(fresh_db, placed, processes=PROCESSES, locked=False)

    assert refused > 0
    assert len(serials()) == 60 - refused


def test_a_number_is_as_long_as_it_needs() -> None:
    assert (shown("INV-2026", 12), shown("INV-2026", 12345)) == ("INV-2026-0012", "INV-2026-12345")


def test_every_year_has_its_own_series(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale = world.family("Vale")
        world.order(vale.family_id)
        world.now = world.now.replace(year=2027)
        world.order(vale.family_id)
        rows = session.execute(select(DocumentSeries)).scalars()
        given = {row.name: row.last_serial for row in rows}
    assert given == {"INV-2026": 1, "INV-2027": 1}
