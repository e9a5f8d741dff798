"""How migrations reach the database: the engine the portal has opened, one transaction for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from alembic import context
from portal import db
from portal.models import Table


def run() -> None:
    """Upgrade within one transaction, so that a half-run migration leaves nothing behind."""
    with db.engine().connect() as connection, _tables_may_be_made_anew(connection):
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
            _refuse_broken_references(connection)
        connection.commit()


@contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making a new one; dropping the old one would take what refers to it along."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Within a transaction the pragma does nothing, and SQLAlchemy begins one with its first statement.
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def _refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration leaves {len(broken)} references to nothing, first {broken[0]}")


run()
