"""What PostgreSQL's programs are told, and what is said when they are not there."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from portal.backups import BackupRefused
from portal.backups.postgresql import PostgreSQL

URL = make_url("postgresql+psycopg://portal:hunter2@db.example:5433/portal?sslmode=require")


def test_a_missing_program_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match=r"pg_dump is not on the PATH.*postgresql-client"):
        PostgreSQL(URL).copy(tmp_path / "copy")


def test_the_password_is_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\necho "$PGPASSWORD" > {tmp_path}/known\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    PostgreSQL(URL).copy(tmp_path / "copy")

    said = (tmp_path / "said").read_text()
    assert "hunter2" not in said
    assert "--dbname=postgresql://portal@db.example:5433/portal?sslmode=require" in said
    assert (tmp_path / "known").read_text() == "hunter2\n"


def test_what_the_program_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2; exit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(BackupRefused, match="pg_dump: error: server version mismatch"):
        PostgreSQL(URL).copy(tmp_path / "copy")
