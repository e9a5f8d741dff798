from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from portal import db
from portal.cli import main
from portal.models.people import Member
from tests.factories import Otterbrook

ROWS = "Full name;First name;Last name;Email;Shoe size\nJana Kováčová;Ema;Kováčová;jana@home.example;31\n"


@pytest.fixture(autouse=True)
def _provider(portal: CliRunner) -> None:
    with db.unit_of_work() as session:
        Otterbrook(session)


def run(portal: CliRunner, folder: Path, content: bytes, *options: str) -> Result:
    file = folder / "families.csv"
    file.write_bytes(content)
    return portal.invoke(main, ["import", "families", str(file), *options])


def members() -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(Member)).scalar_one()


def test_an_import_says_what_it_read_what_it_left_and_what_it_added(
    portal: CliRunner, tmp_path: Path
) -> None:
    said = run(portal, tmp_path, ROWS.encode("cp1250"))
    assert said.exit_code == 0, said.output
    assert "families.csv: 1 row, cp1250, separated by semicolons." in said.output
    assert "These columns are not used: Shoe size." in said.output
    assert "Added 1 guardian, 1 family, 1 member and 0 bookings." in said.output
    assert members() == 1


def test_a_dry_run_adds_nothing(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, ROWS.encode(), "--dry-run")
    assert (said.exit_code, "Would add 1 guardian," in said.output, members()) == (0, True, 0)


def test_a_second_run_adds_nothing(portal: CliRunner, tmp_path: Path) -> None:
    run(portal, tmp_path, ROWS.encode())
    said = run(portal, tmp_path, ROWS.encode())
    assert (said.exit_code, "1 row says nothing new" in said.output, members()) == (0, True, 1)


def test_a_bad_row_is_named_and_ends_with_one(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, (ROWS + "Peter;;;nobody;\n").encode())
    assert said.exit_code == 1
    assert "line 3: “nobody” is not an e-mail address." in said.output
    assert "Nothing was imported" in said.output
    assert members() == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"Phone\n1\n", "these columns are missing: Email"),
        (
            b"Email,Full name,E-mail\na@b.example,Jana,c@d.example\n",
            "mean the same: Email, E-mail. Keep one.",
        ),
        (b"Email,Full name\na@b.example,Ja\0na\n", "it is not text in utf-8"),
        (
            b"Email,Full name\na@b.example," + b"J" * 200_000,
            "line 2 is not closed, or a cell there is far too long",
        ),
        (b'Email,Full name\n"jana@home.example,Jana\n', "opens on line 2"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
    ids=["empty", "columns", "twice", "zero", "huge", "quote", "size"],
)
def test_a_file_of_the_wrong_shape_gets_one_clear_line(
    portal: CliRunner, tmp_path: Path, content: bytes, reason: str
) -> None:
    said = run(portal, tmp_path, content)
    assert said.exit_code == 1
    assert reason in said.output
    assert "Traceback" not in said.output


def test_an_encoding_that_is_wrong_is_said(portal: CliRunner, tmp_path: Path) -> None:
    said = run(portal, tmp_path, ROWS.encode("cp1250"), "--encoding", "utf-8")
    assert (said.exit_code, "it is not text in utf-8" in said.output) == (1, True)
