from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.cli import main
from portal.models.banking import BankLine
from portal.models.commerce import Payment
from tests.factories import Otterbrook
from tests.support.statements import Paid, camt

DUE = Paid("62.00", message="OT2001-1")
UNKNOWN = Paid("9.00", payer="Somebody", iban="XX1", message="thanks")


@pytest.fixture(autouse=True)
def _one_payment_due(portal: CliRunner) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        world.order(world.family("Vale").family_id, 6200)


def run(portal: CliRunner, folder: Path, content: bytes, *options: str) -> Result:
    file = folder / "march.xml"
    file.write_bytes(content)
    return portal.invoke(main, ["import", "payments", str(file), *options])


def received() -> int:
    with db.reading() as session:
        return session.execute(select(col(Payment.received_minor))).scalar_one()


def lines() -> int:
    with db.reading() as session:
        return len(session.execute(select(BankLine)).all())


def test_it_says_what_it_matched_and_what_waits_for_a_person(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, camt(DUE, UNKNOWN))

    assert said.exit_code == 0, said.output
    assert "march.xml: camt.053, 2 payments received." in said.output
    assert "line 2 waits for you: 2026-03-11, 9.00 EUR from Somebody, “thanks”. No reference" in said.output
    assert "Took in 2 payments: 1 matched, 1 waiting for you. 0 were known already." in said.output
    assert (received(), lines()) == (6200, 2)


def test_a_dry_run_writes_nothing(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, camt(DUE), "--dry-run")
    assert (said.exit_code, "Would take in 1 payment: 1 matched" in said.output) == (0, True)
    assert (received(), lines()) == (0, 0)


def test_a_second_run_changes_nothing(portal: CliRunner, tmp_path: Path) -> None:
    run(portal, tmp_path, camt(DUE))
    said = run(portal, tmp_path, camt(DUE))
    assert (said.exit_code, "Took in 0 payments" in said.output, lines()) == (0, True, 1)
    assert "camt.053, 1 payment received." in said.output
    assert "1 was known already." in said.output
    assert received() == 6200


def test_a_bad_line_is_named_and_ends_with_one(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, b"Date;Amount;VS\n2026-03-11;62,00;200101\n2026-03-11;much;1\n")
    assert said.exit_code == 1
    assert "line 3: “much” is not an amount." in said.output
    assert "1 line cannot be read. Nothing was imported." in said.output
    assert received() == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"Phone;Amount\n1;2\n", "these columns are missing: date"),
        (b"<html/>", "not a camt.053 statement"),
        (camt(version="11"), "version 11; versions 02 to 08 can be read"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not XML that can be read safely"),
        (b"<" + b"x" * (5 * 1024 * 1024), "larger than 5 MB"),
    ],
    ids=["empty", "columns", "html", "version", "entity", "size"],
)
def test_a_file_of_the_wrong_shape_gets_one_clear_line(
    portal: CliRunner, tmp_path: Path, content: bytes, reason: str
) -> None:
    said = run(portal, tmp_path, content)
    assert said.exit_code == 1
    assert reason in said.output
    assert "Traceback" not in said.output
    assert lines() == 0
