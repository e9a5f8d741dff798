"""How migrations reach the database: the engine the portal has opened, one transaction for all of them."""

from alembic import context
from portal import db
from portal.models import Table


def run() -> None:
    """Upgrade within one transaction, so that a half-run migration leaves nothing behind."""
    with db.engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
