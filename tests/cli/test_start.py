"""Starting the portal: what stops it is said in a line, with exit code 1 and without a stack trace."""

import os
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import text

from portal import db
from portal.actor import SYSTEM, StaffRole
from portal.cli import COMMANDS, demo, start
from portal.demo import OWNER_EMAIL
from portal.services import staff
from portal.settings import Settings, SettingsError
from tests.factories import NOW
from tests.support.portal_server import portal
from tests.support.processes import free_port

SAFE = {
    "PORTAL_DEMO": "0",
    "PORTAL_URL": "https://portal.example",
    "PORTAL_SECRET": "x7Qm2LpV9sKd4RtY8wZb3NcF6hJg1AeU",
    "MAIL_URL": "smtp://mail.example",
    "MAIL_FROM": "hello@portal.example",
}


def test_settings_check_names_what_is_wrong_without_values() -> None:
    checked = portal(
        "settings", "check", **{**SAFE, "PORTAL_SECRET": "hunter2", "PORTAL_URL": "http://portal.example"}
    )
    assert checked.returncode == 1
    assert "PORTAL_SECRET is shorter than 32 characters" in checked.stderr
    assert "PORTAL_URL must be the public address" in checked.stderr
    assert "hunter2" not in checked.stderr + checked.stdout


def test_settings_check_is_content_with_safe_settings() -> None:
    checked = portal("settings", "check", **SAFE)
    assert checked.returncode == 0
    assert checked.stdout == "The settings are fine: https://portal.example, production.\n"


def test_production_without_a_secret_does_not_serve(tmp_path: Path) -> None:
    refused = portal("serve", **{**SAFE, "PORTAL_SECRET": "", "PORTAL_DATA_DIR": str(tmp_path)})
    assert refused.returncode == 1
    assert "PORTAL_SECRET is missing" in refused.stderr


@pytest.mark.parametrize("command", [("serve",), ("serve", "--migrate"), ("migrate",)])
def test_an_unreachable_database_is_said_in_words(command: tuple[str, ...], tmp_path: Path) -> None:
    nobody = f"postgresql://portal:hunter2@127.0.0.1:{free_port()}/portal"
    refused = portal(*command, **{**SAFE, "DATABASE_URL": nobody, "PORTAL_DATA_DIR": str(tmp_path)})
    assert refused.returncode == 1
    assert "The database cannot be reached" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hunter2" not in refused.stderr


def test_a_database_of_another_version_is_not_served(tmp_path: Path) -> None:
    refused = portal("serve", **SAFE, PORTAL_DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "python -m portal migrate" in refused.stderr
    assert "Traceback" not in refused.stderr


def known(folder: Path, **said: Any) -> Settings:
    """Settings whose data are in `folder`."""
    return Settings(portal_data_dir=folder, **said)


def test_the_tables_of_a_newer_portal_are_left_alone(fresh_db: str, tmp_path: Path) -> None:
    with db.engine().begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for begin in (start.database, start.migrated_database):
        with pytest.raises(click.ClickException, match="The database is of a newer portal"):
            begin(known(tmp_path, database_url=fresh_db))


def test_a_file_that_is_no_database_is_called_that(tmp_path: Path) -> None:
    (tmp_path / "portal.db").write_bytes(b"families.xlsx" * 100)
    for begin in (start.database, start.migrated_database):
        with pytest.raises(click.ClickException, match="file is not a database"):
            begin(known(tmp_path))


def test_a_data_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(click.ClickException, match=r"PORTAL_DATA_DIR cannot be used \(File exists\)"):
        start.bound(known(file))
    with pytest.raises(SettingsError, match=r"PORTAL_DATA_DIR cannot be used \(File exists\)"):
        known(file, portal_demo=True)


def test_data_that_cannot_be_written_are_not_served(
    fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = known(tmp_path, database_url=fresh_db)
    start.database(served)
    monkeypatch.setattr(os, "access", lambda place, _mode: Path(place) != tmp_path)
    with pytest.raises(click.ClickException, match=r"PORTAL_DATA_DIR: .* cannot be written"):
        start.database(served)


def test_migrate_may_be_repeated(database_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = portal("migrate", **SAFE, DATABASE_URL=database_url, PORTAL_DATA_DIR=str(tmp_path))
        assert (done.returncode, done.stdout) == (0, "The database is at this version.\n"), done.stderr


def test_the_demo_is_not_made_in_production(tmp_path: Path) -> None:
    refused = portal("demo", "--make-only", **SAFE, PORTAL_DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "only with PORTAL_DEMO=1" in refused.stderr


def test_resetting_the_demo_leaves_a_database_elsewhere_alone(tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    refused = portal(
        "demo", "--reset", "--make-only", DATABASE_URL=elsewhere, PORTAL_DATA_DIR=str(tmp_path / "var")
    )
    assert refused.returncode == 1
    assert "is not inside the demo's own folder" in refused.stderr


def test_the_data_of_a_real_provider_are_neither_thrown_away_nor_served_as_a_demo(tmp_path: Path) -> None:
    real = known(tmp_path, portal_demo=True)
    start.migrated_database(real)
    with db.unit_of_work() as session:
        staff.add(session, SYSTEM, "Ada", "owner@school.example", "hash", StaffRole.OWNER, NOW)
    for do in (demo.throw_away, demo.made):
        with pytest.raises(click.ClickException, match="a real provider's data, which stay"):
            do(real)
    assert (tmp_path / "portal.db").exists()


def test_throwing_the_demo_away_takes_nothing_else_with_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not the portal's")
    mine = known(tmp_path, portal_demo=True)
    start.migrated_database(mine)
    with db.unit_of_work() as session:
        staff.add(session, SYSTEM, "Petra", OWNER_EMAIL, "hash", StaffRole.OWNER, NOW)
    demo.throw_away(mine)

    # What the demo's letters link to is keyed with the secret.
    assert sorted(one.name for one in tmp_path.iterdir()) == ["notes.txt", "secret"]


def test_help_names_every_command() -> None:
    told = portal("--help").stdout
    assert [line.split()[0] for line in told.partition("Commands:")[2].splitlines() if line.strip()] == list(
        COMMANDS
    )
