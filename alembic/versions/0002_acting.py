"""What families do: the tables behind the acting half, money and messages

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
import sqlmodel

import portal.models.base
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _one_standing_share_an_address()
    _calendar_feeds()


def downgrade() -> None:
    """Undo."""
    _no_calendar_feeds()
    op.drop_index("uq_share_standing_booking_id_email", "share")


def _one_standing_share_an_address() -> None:
    """Inviting the same address again changes its share; of several from before, the newest stands."""
    newest = "select max(id) from share where revoked_at is null group by booking_id, email"
    op.execute(
        f"update share set revoked_at = created_at where revoked_at is null and id not in ({newest})"  # noqa: S608
    )
    op.create_index(
        "uq_share_standing_booking_id_email",
        "share",
        ["booking_id", "email"],
        unique=True,
        sqlite_where=sa.text("revoked_at is null"),
        postgresql_where=sa.text("revoked_at is null"),
    )


def _calendar_feeds() -> None:
    """Nobody had one before: the table was there, and nothing that filled it."""
    op.execute("delete from calendar_feed")
    with op.batch_alter_table("calendar_feed") as feed:
        feed.alter_column("family_id", existing_type=sa.Integer(), nullable=True)
        feed.add_column(sa.Column("public_id", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False))
        feed.add_column(sa.Column("alarm_minutes", sa.Integer(), nullable=True))
        feed.add_column(
            sa.Column(
                "content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False, server_default=""
            )
        )
        feed.add_column(sa.Column("content_at", portal.models.base.Instant(timezone=True), nullable=True))
        feed.create_unique_constraint(feed.f("uq_calendar_feed_public_id"), ["public_id"])
        feed.create_check_constraint(feed.f("ck_calendar_feed_alarm_positive"), "alarm_minutes >= 0")


def _no_calendar_feeds() -> None:
    op.execute("delete from calendar_feed")
    with op.batch_alter_table("calendar_feed") as feed:
        feed.drop_constraint(feed.f("ck_calendar_feed_alarm_positive"), type_="check")
        feed.drop_constraint(feed.f("uq_calendar_feed_public_id"), type_="unique")
        for name in ("content_at", "content_hash", "alarm_minutes", "public_id"):
            feed.drop_column(name)
        feed.alter_column("family_id", existing_type=sa.Integer(), nullable=False)
