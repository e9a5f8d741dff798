"""PostgreSQL: its own programs, pg_dump for the copy (custom format), pg_restore and psql for the way back."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, text

from portal import db
from portal.backups.archive import BackupRefused
from portal.models import Table

_PATIENCE = "30s"
"""How long to wait for whoever holds the tables."""


class PostgreSQL:
    """A database on a server."""

    kind = "postgresql"

    def __init__(self, url: URL) -> None:
        self._url = url

    def copy(self, to: Path) -> None:
        """One snapshot of the whole database; nobody waits for it."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}", self._where)

    def prepare(self, copy: Path) -> None:
        """Nothing can be migrated beside the server; pg_restore reads the copy through once, to find damage."""
        self._run("pg_restore", "--file=/dev/null", str(copy))

    def replace(self, copy: Path) -> None:
        """One transaction: our tables go, the copy's come. Tables that are not the portal's stay."""
        script = copy.with_suffix(".sql")
        restoring = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
        self._run("pg_restore", *restoring, f"--file={script}", str(copy))
        before = copy.with_suffix(".before.sql")
        before.write_text(f"set lock_timeout = '{_PATIENCE}';\n{_dropped()}")
        quiet = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1")
        files = (f"--file={before}", f"--file={script}")
        self._run("psql", *quiet, "--single-transaction", *files, self._where)

    def keep_damaged(self, stamp: str) -> Path | None:
        """A server's tables are not a file that can be moved."""
        return None

    def clear(self) -> None:
        """Leave no table of the portal."""
        with db.engine().begin() as connection:
            connection.execute(text(_dropped()))

    @property
    def _where(self) -> str:
        url = self._url
        plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        return f"--dbname={plain.render_as_string()}"

    def _run(self, program: str, *arguments: str) -> None:
        """The password goes by the environment: everybody may read a command line."""
        found = shutil.which(program)
        if found is None:
            raise BackupRefused(
                f"{program} is not on the PATH. Install PostgreSQL's client programs "
                "(Debian and Ubuntu: apt-get install postgresql-client), as new as the server."
            )
        environment = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
        if self._url.password:
            environment["PGPASSWORD"] = str(self._url.password)
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [found, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackupRefused(f"{program} refused: {_why(done.stderr)}")


def _dropped() -> str:
    names = ", ".join(f'"{name}"' for name in (*Table.metadata.tables, "alembic_version"))
    return f"drop table if exists {names} cascade;\n"


def _why(said: str) -> str:
    """The first line that tells of an error; values of rows stand in lines after it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next(
        (line for line in lines if "error" in line.lower()), lines[0] if lines else "it did not say why"
    )
