"""The database tells whether anything was committed, and never says "nothing" when something was."""

import sqlite3
from pathlib import Path

import pytest

from portal import commits, db
from portal.models.provider import Holiday
from tests.factories import NOW
from tests.support.databases import SQLiteFiles, fresh


@pytest.fixture
def file(sqlite_files: SQLiteFiles) -> str:
    url = fresh(sqlite_files)
    db.bind(url)
    return url.removeprefix("sqlite:///")


def close_the_house() -> None:
    with db.unit_of_work() as session:
        session.add(Holiday(day=NOW.date(), name="Closed"))


def test_looking_leaves_the_mark_and_a_commit_of_this_process_moves_it(file: str) -> None:
    first = commits.mark()
    with db.reading() as session:
        session.connection().exec_driver_sql("select 1 from holiday").all()

    assert first is not None
    assert commits.mark() == first
    close_the_house()
    assert commits.mark() not in (first, None)


def test_a_commit_of_another_program_moves_it(file: str) -> None:
    first = commits.mark()
    with sqlite3.connect(file) as another:
        another.execute("delete from holiday")
        another.execute("insert into holiday (day, name) values ('2026-03-09', 'Closed')")
    another.close()

    assert commits.mark() not in (first, None)


def test_while_somebody_commits_it_is_not_known(file: str) -> None:
    commits.mark()
    another = sqlite3.connect(file, isolation_level=None)
    another.execute("begin exclusive")

    assert commits.mark() is None or db.journal_mode() == "WAL"
    another.execute("rollback")
    another.close()
    assert commits.mark() is not None


def test_another_database_has_no_mark_of_this_one(file: str, sqlite_files: SQLiteFiles) -> None:
    first = commits.mark()
    db.bind(fresh(sqlite_files))

    assert commits.mark() not in (first, None)


def test_a_file_that_is_not_there_is_not_made_and_nothing_is_known(tmp_path: Path) -> None:
    commits.watch(str(tmp_path / "portal.db"))

    assert commits.mark() is None
    assert not [*tmp_path.iterdir()]


def test_postgresql_is_not_asked(postgres_url: str) -> None:
    db.bind(postgres_url)

    assert commits.mark() is None
