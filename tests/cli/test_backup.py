"""Backup and restore as they are run: beside a portal that serves, in words, and killed halfway."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import text

from portal import db
from portal.settings import ROOT
from tests.conftest import StartPortal
from tests.support import programs, releases
from tests.support.portal_server import environment_with, portal
from tests.support.processes import wait_until
from tests.support.proofs import rounds


@pytest.fixture(autouse=True)
def _postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = programs.postgresql()
    if found:
        monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


def rename_everybody(url: str, name: str) -> None:
    """A change that shows."""
    with db.bind(url).begin() as connection:
        connection.execute(text(f"update member set first_name = '{name}'"))
    db.engine().dispose()


def names(url: str) -> set[str]:
    with db.bind(url).connect() as connection:
        found = set(connection.execute(text("select first_name from member")).scalars())
    db.engine().dispose()
    return found


def test_a_portal_that_serves_goes_on_with_what_was_restored(portal_server: StartPortal) -> None:
    server = portal_server()
    folder = str(server.folder)
    url = f"sqlite:///{server.folder / 'portal.db'}"
    before = names(url)
    saved = portal("backup", f"{folder}/house.backup", PORTAL_DATA_DIR=folder)
    assert saved.returncode == 0, saved.stderr
    rename_everybody(url, "Somebody")

    asked = portal("restore", f"{folder}/house.backup", PORTAL_DATA_DIR=folder)
    assert (asked.returncode, names(url)) == (1, {"Somebody"})
    assert "--yes" in asked.stderr
    done = portal("restore", f"{folder}/house.backup", "--yes", PORTAL_DATA_DIR=folder)

    assert done.returncode == 0, done.stderr
    assert f"{folder}/backups/before-restore-" in done.stdout
    assert names(url) == before
    assert server.is_well()


def test_data_is_backed_up_whatever_is_missing_for_serving(tmp_path: Path) -> None:
    """A production's settings come from its service; whoever looks after the data may not have them at hand."""
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    releases.lay_down(url, "0001")
    saved = portal("backup", PORTAL_DEMO="0", PORTAL_DATA_DIR=str(tmp_path))

    assert saved.returncode == 0, saved.stderr
    assert "schema 0001" in saved.stdout
    assert len(list((tmp_path / "backups").glob("portal-*.backup"))) == 1


def test_where_there_is_no_database_that_is_said(tmp_path: Path) -> None:
    refused = portal("backup", PORTAL_DATA_DIR=str(tmp_path))

    assert refused.returncode == 1
    assert "nothing to back up" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.fixture
def old_and_new(empty_database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database whose children are called New, and a backup of it in which they are called Old."""
    releases.lay_down(empty_database_url, "0001")
    db.bind(empty_database_url)
    db.migrate()
    rename_everybody(empty_database_url, "Old")
    saved = portal(
        "backup",
        str(tmp_path / "old.backup"),
        DATABASE_URL=empty_database_url,
        PORTAL_DATA_DIR=str(tmp_path / "data"),
    )
    assert saved.returncode == 0, saved.stderr
    rename_everybody(empty_database_url, "New")
    yield empty_database_url
    db.engine().dispose()


@pytest.mark.proof
def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_never_a_half(
    old_and_new: str, tmp_path: Path
) -> None:
    when, seen, kept = random.Random(50), set(), tmp_path / "data" / "backups"
    whole = releases.counts_of(old_and_new)
    command = [sys.executable, "-m", "portal", "restore", str(tmp_path / "old.backup"), "--yes"]
    environment = environment_with(DATABASE_URL=old_and_new, PORTAL_DATA_DIR=str(tmp_path / "data"))
    for number in range(rounds(3, 50)):
        rename_everybody(old_and_new, "New")
        restoring = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
        )
        # What is there has just been kept: from here on it is replaced, and some moment of that is tried.
        wait_until(lambda: len(list(kept.glob("before-restore-*"))) > 0, restoring, 60, "the restore")
        sleep(when.uniform(0, 0.5))
        os.killpg(restoring.pid, signal.SIGKILL)
        restoring.wait()
        found = names(old_and_new)
        seen |= found
        assert found in ({"Old"}, {"New"})
        assert releases.counts_of(old_and_new) == whole
        for file in kept.iterdir():
            file.rename(tmp_path / f"{number}-{file.name}")
    print(f"restores killed, leaving {sorted(seen)}")
