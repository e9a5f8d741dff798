"""Data of earlier releases: what a provider has in its database on the day it upgrades.

`tests/releases/0001.sql.gz` is a used demo as the release with that schema left it: plain INSERTs that SQLite and
PostgreSQL both take. `python -m tests.support.releases var/portal.db` writes one for the release that is about to
be made.
"""

import gzip
import re
import sqlite3
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import text

from alembic import command
from portal import db
from tests.support.databases import Databases

FOLDER = Path(__file__).resolve().parent.parent / "releases"
REVISIONS = sorted(found.name.removesuffix(".sql.gz") for found in FOLDER.glob("*.sql.gz"))
Counts = dict[str, int]


def left_by(databases: Databases, revision: str) -> str:
    """The URL of a new database as a portal of that release left it."""
    return databases.copy_of(f"release_{revision}", partial(lay_down, revision=revision))


def lay_down(url: str, revision: str) -> None:
    """Fill an empty database with what a portal of that release left."""
    engine = db.bind(url)
    command.upgrade(db._alembic_config(), revision)
    rows = gzip.decompress((FOLDER / f"{revision}.sql.gz").read_bytes()).decode()
    raw = engine.raw_connection()
    if url.startswith("sqlite"):
        raw.executescript(f"PRAGMA foreign_keys=OFF; BEGIN; {rows} COMMIT; PRAGMA foreign_keys=ON;")
    else:
        # Rows come by table, not by who refers to whom; instants are written in UTC.
        ready = "set session_replication_role = replica; set time zone 'UTC';"
        raw.cursor().execute(f"{ready} {_BYTES.sub(_postgresql_bytes, rows)}")
        raw.commit()
        raw.cursor().execute(_SEQUENCES)
        raw.commit()
    raw.close()
    engine.dispose()


def counts() -> Counts:
    """How many rows each table of the open database has."""
    with db.engine().connect() as connection:
        names = [name for name in _tables(connection.dialect.name) if name != "alembic_version"]
        return {
            name: connection.execute(text(f'select count(*) from "{name}"')).scalar_one() for name in names
        }


def counts_of(url: str) -> Counts:
    """The same of a database that others use: opened, counted, closed."""
    engine = db.bind(url)
    found = counts()
    engine.dispose()
    return found


def _tables(dialect: str) -> list[str]:
    asked = (
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        if dialect == "sqlite"
        else "select tablename from pg_tables where schemaname = 'public'"
    )
    with db.engine().connect() as connection:
        return sorted(connection.execute(text(asked)).scalars())


# The one literal that the two write differently.
_BYTES = re.compile(r"(?<=, )X'([0-9a-f]+)'")
_postgresql_bytes = r"'\\x\1'"

# Rows that brought their own ids moved no counter.
_SEQUENCES = """
do $$ declare counted record; begin
  for counted in select table_name from information_schema.columns
      where table_schema = 'public' and column_name = 'id' and column_default like 'nextval%' loop
    execute format(
      'select setval(pg_get_serial_sequence(%L, ''id''), (select coalesce(max(id), 0) + 1 from %I), false)',
      quote_ident(counted.table_name), counted.table_name
    );
  end loop;
end $$
"""


def write(file: Path) -> Path:
    """Keep the rows of a SQLite database for the releases to come; where."""
    source = sqlite3.connect(file)
    (revision,) = source.execute("select version_num from alembic_version").fetchone()
    kept = FOLDER / f"{revision}.sql.gz"
    kept.write_bytes(gzip.compress("\n".join(_statements(source)).encode(), mtime=0))
    return kept


def _statements(source: sqlite3.Connection) -> Iterator[str]:
    tables = source.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
    for (table,) in tables:
        columns = source.execute(f'pragma table_info("{table}")').fetchall()
        truths = {place for place, column in enumerate(columns) if column[2] == "BOOLEAN"}
        rows = source.execute(f'select * from "{table}"').fetchall()
        if rows and table != "alembic_version":
            names = ", ".join(f'"{column[1]}"' for column in columns)
            values = ",\n".join(f"({', '.join(_literals(row, truths))})" for row in rows)
            yield f'INSERT INTO "{table}" ({names}) VALUES\n{values};'


def _literals(row: tuple[object, ...], truths: set[int]) -> Iterator[str]:
    for place, value in enumerate(row):
        if value is None:
            yield "NULL"
        elif place in truths:
            yield "TRUE" if value else "FALSE"
        elif isinstance(value, bytes):
            yield f"X'{value.hex()}'"
        else:
            quoted = str(value).replace("'", "''")
            yield str(value) if isinstance(value, int | float) else f"'{quoted}'"


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
