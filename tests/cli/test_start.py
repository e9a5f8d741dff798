"""Starting the portal: what stops it is said in a line, with exit code 1 and without a stack trace."""

from pathlib import Path

import pytest

from portal.cli import COMMANDS
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


def test_help_names_every_command() -> None:
    told = portal("--help").stdout
    assert [line.split()[0] for line in told.partition("Commands:")[2].splitlines() if line.strip()] == list(
        COMMANDS
    )
