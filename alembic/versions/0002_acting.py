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
    _checkouts()
    _payment_events(
        "asked", "announced", "failed", "received", "credit_used", "refunded", "voided", "corrected"
    )
    _privacy()
    _messages_of_notes()
    _whatsapp_is_a_switch()
    _one_standing_share_an_address()
    _calendar_feeds()
    _make_ups()
    _places_kept_by_offers()
    _billed_visits()
    _how_long_offers_last()
    _reasons_for_absence()
    _documents()
    _bank_lines()
    _refunds()
    # Not in a batch: that would make the table anew, which others refer to.
    op.add_column(
        "order",
        sa.Column("price_receipt", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    )
    op.add_column(
        "provider_settings",
        sa.Column("pay_for_what_is_left", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("provider_settings", "pay_for_what_is_left")
    op.drop_column("order", "price_receipt")
    op.drop_table("refund")
    op.execute("delete from payment_event where kind = 'failed'")
    _payment_events("asked", "announced", "received", "credit_used", "refunded", "voided", "corrected")
    op.drop_table("checkout_part")
    op.drop_table("checkout")
    op.drop_table("email_change")
    op.drop_table("erasure_request")
    op.drop_table("bank_line")
    _no_documents()
    op.drop_column("attendance", "reason")
    _messages_without_notes()
    op.drop_column("provider_settings", "whatsapp")
    op.drop_column("provider_settings", "waiting_offer_hours")
    op.drop_column("provider_settings", "trial_offer_days")
    op.drop_column("provider_settings", "order_due_days")
    op.drop_column("programme", "trial_offer_days")
    op.drop_table("visit_bill")
    op.drop_table("place_hold")
    _no_make_ups()
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


def _make_ups() -> None:
    """What make-ups may be booked for, and the line for a place."""
    at = portal.models.base.Instant(timezone=True)
    for name in ("place_seen_at", "extended_at", "carried_at"):
        op.add_column("make_up", sa.Column(name, at, nullable=True))
    for table in ("provider_settings", "class_session"):
        only = sa.Column("extra_places_only", sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column(table, only)
    op.add_column("course", sa.Column("extra_places_only", sa.Boolean(), nullable=True))
    for name in ("make_up_window_days", "make_up_new_course_days"):
        op.add_column("provider_settings", sa.Column(name, sa.Integer(), nullable=True))
    hours = sa.Column("make_up_offer_hours", sa.Integer(), nullable=False, server_default="24")
    op.add_column("provider_settings", hours)
    for name in ("make_up_closes_hours", "make_up_window_days"):
        op.add_column("programme", sa.Column(name, sa.Integer(), nullable=True))
    _make_up_waits()


def _make_up_waits() -> None:
    at, text = portal.models.base.Instant(timezone=True), sqlmodel.sql.sqltypes.AutoString
    words = ("waiting", "offered", "accepted", "declined", "expired")
    op.create_table(
        "make_up_wait",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", text(length=24), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("make_up_id", sa.Integer(), nullable=False),
        sa.Column("wanted", text(length=16), nullable=False),
        sa.Column("status", text(length=12), nullable=False),
        sa.Column("joined_at", at, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", at, nullable=True),
        sa.Column("expires_at", at, nullable=True),
        sa.CheckConstraint(_one_of(words), name=op.f("ck_make_up_wait_status_known")),
        sa.CheckConstraint(
            "status <> 'offered' or (session_id is not null and expires_at is not null)",
            name=op.f("ck_make_up_wait_offered_names_it"),
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_make_up_wait_family_id")),
        sa.ForeignKeyConstraint(["make_up_id"], ["make_up.id"], name=op.f("fk_make_up_wait_make_up_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["class_session.id"], name=op.f("fk_make_up_wait_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_make_up_wait")),
        sa.UniqueConstraint("public_id", name=op.f("uq_make_up_wait_public_id")),
        sa.UniqueConstraint("make_up_id", name=op.f("uq_make_up_wait_make_up_id")),
    )
    for column in ("family_id", "session_id"):
        op.create_index(op.f(f"ix_make_up_wait_{column}"), "make_up_wait", [column])
    op.create_index("ix_make_up_wait_status_joined_at", "make_up_wait", ["status", "joined_at"])


def _no_make_ups() -> None:
    op.drop_table("make_up_wait")
    for name in ("make_up_window_days", "make_up_closes_hours"):
        op.drop_column("programme", name)
    for name in ("make_up_offer_hours", "make_up_new_course_days", "make_up_window_days"):
        op.drop_column("provider_settings", name)
    for table in ("course", "class_session", "provider_settings"):
        op.drop_column(table, "extra_places_only")
    for name in ("carried_at", "extended_at", "place_seen_at"):
        op.drop_column("make_up", name)


def _places_kept_by_offers() -> None:
    op.create_table(
        "place_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("trial_offer_id", sa.Integer(), nullable=True),
        sa.Column("waiting_list_entry_id", sa.Integer(), nullable=True),
        sa.Column("make_up_wait_id", sa.Integer(), nullable=True),
        sa.Column("held_at", portal.models.base.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(case when trial_offer_id is null then 0 else 1 end)"
            " + (case when waiting_list_entry_id is null then 0 else 1 end)"
            " + (case when make_up_wait_id is null then 0 else 1 end) = 1",
            name=op.f("ck_place_hold_of_one_offer"),
        ),
        sa.ForeignKeyConstraint(
            ["make_up_wait_id"], ["make_up_wait.id"], name=op.f("fk_place_hold_make_up_wait_id")
        ),
        sa.UniqueConstraint("make_up_wait_id", name=op.f("uq_place_hold_make_up_wait_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_place_hold_family_id")),
        sa.ForeignKeyConstraint(["session_id"], ["class_session.id"], name=op.f("fk_place_hold_session_id")),
        sa.ForeignKeyConstraint(
            ["trial_offer_id"], ["trial_offer.id"], name=op.f("fk_place_hold_trial_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["waiting_list_entry_id"],
            ["waiting_list_entry.id"],
            name=op.f("fk_place_hold_waiting_list_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_hold")),
        sa.UniqueConstraint(
            "trial_offer_id", "session_id", name=op.f("uq_place_hold_trial_offer_id_session_id")
        ),
        sa.UniqueConstraint(
            "waiting_list_entry_id", "session_id", name=op.f("uq_place_hold_waiting_list_entry_id_session_id")
        ),
    )
    op.create_index(op.f("ix_place_hold_family_id"), "place_hold", ["family_id"])
    op.create_index(op.f("ix_place_hold_session_id"), "place_hold", ["session_id"])


def _billed_visits() -> None:
    op.create_table(
        "visit_bill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("attendance_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendance.id"], name=op.f("fk_visit_bill_attendance_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_visit_bill_family_id")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_visit_bill_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_bill")),
        sa.UniqueConstraint("order_id", name=op.f("uq_visit_bill_order_id")),
    )
    op.create_index(op.f("ix_visit_bill_attendance_id"), "visit_bill", ["attendance_id"])
    op.create_index(op.f("ix_visit_bill_family_id"), "visit_bill", ["family_id"])


def _how_long_offers_last() -> None:
    op.add_column("programme", sa.Column("trial_offer_days", sa.Integer(), nullable=True))
    op.add_column(
        "provider_settings", sa.Column("order_due_days", sa.Integer(), nullable=False, server_default="10")
    )
    op.add_column(
        "provider_settings", sa.Column("trial_offer_days", sa.Integer(), nullable=False, server_default="7")
    )
    op.add_column(
        "provider_settings",
        sa.Column("waiting_offer_hours", sa.Integer(), nullable=False, server_default="48"),
    )


def _reasons_for_absence() -> None:
    # Not in a batch: that would make the table anew, which others refer to.
    reason = sa.Column(
        "reason", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False, server_default=""
    )
    op.add_column("attendance", reason)


_MESSAGE_FATES = ("queued", "sending", "sent", "delivered", "bounced", "given_up")


def _messages_of_notes() -> None:
    """What is told is kept as notes until it is sent, told once, and sent with others or not at all."""
    with op.batch_alter_table("outbox_message") as message:
        message.add_column(
            sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        message.add_column(sa.Column("once_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True))
        message.add_column(sa.Column("sent_with", sa.Integer(), nullable=True))
        message.add_column(
            sa.Column("delivered_at", portal.models.base.Instant(timezone=True), nullable=True)
        )
        message.create_unique_constraint("uq_outbox_message_once_key", ["once_key"])
        message.create_foreign_key("fk_outbox_message_sent_with", "outbox_message", ["sent_with"], ["id"])
        message.create_index("ix_outbox_message_sent_with", ["sent_with"])
        message.create_index("ix_outbox_message_sender_message_id", ["sender_message_id"])
        message.drop_constraint(op.f("ck_outbox_message_status_known"), type_="check")
        message.create_check_constraint(
            op.f("ck_outbox_message_status_known"), _one_of((*_MESSAGE_FATES, "together", "skipped"))
        )


def _messages_without_notes() -> None:
    op.execute("delete from outbox_message where status in ('together', 'skipped')")
    with op.batch_alter_table("outbox_message") as message:
        message.drop_constraint(op.f("ck_outbox_message_status_known"), type_="check")
        message.create_check_constraint(op.f("ck_outbox_message_status_known"), _one_of(_MESSAGE_FATES))
        message.drop_index("ix_outbox_message_sender_message_id")
        message.drop_index("ix_outbox_message_sent_with")
        message.drop_constraint("fk_outbox_message_sent_with", type_="foreignkey")
        message.drop_constraint("uq_outbox_message_once_key", type_="unique")
        for column in ("delivered_at", "sent_with", "once_key", "content"):
            message.drop_column(column)


def _one_of(fates: tuple[str, ...]) -> str:
    return f"status in ({', '.join(repr(fate) for fate in fates)})"


def _documents() -> None:
    """Nothing was issued before: the table was there, and nothing that filled it."""
    op.create_table(
        "document_series",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_serial >= 0", name=op.f("ck_document_series_last_serial_positive")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_document_series")),
    )
    with op.batch_alter_table("invoice") as invoice:
        invoice.add_column(sa.Column("payment_event_id", sa.Integer(), nullable=True))
        invoice.add_column(sa.Column("refers_to_id", sa.Integer(), nullable=True))
        invoice.create_foreign_key(
            invoice.f("fk_invoice_payment_event_id"), "payment_event", ["payment_event_id"], ["id"]
        )
        invoice.create_foreign_key(invoice.f("fk_invoice_refers_to_id"), "invoice", ["refers_to_id"], ["id"])
        invoice.create_unique_constraint(invoice.f("uq_invoice_payment_event_id"), ["payment_event_id"])
        invoice.create_index(invoice.f("ix_invoice_refers_to_id"), ["refers_to_id"])
    op.add_column(
        "provider_settings",
        sa.Column("invoice_when_paid", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _no_documents() -> None:
    op.drop_column("provider_settings", "invoice_when_paid")
    with op.batch_alter_table("invoice") as invoice:
        invoice.drop_index(invoice.f("ix_invoice_refers_to_id"))
        invoice.drop_constraint(invoice.f("uq_invoice_payment_event_id"), type_="unique")
        invoice.drop_constraint(invoice.f("fk_invoice_refers_to_id"), type_="foreignkey")
        invoice.drop_constraint(invoice.f("fk_invoice_payment_event_id"), type_="foreignkey")
        invoice.drop_column("refers_to_id")
        invoice.drop_column("payment_event_id")
    op.drop_table("document_series")


def _bank_lines() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", text(length=24), nullable=False),
        sa.Column("identity", text(length=64), nullable=False),
        sa.Column("source", text(length=8), nullable=False),
        sa.Column("file_name", text(length=200), nullable=False),
        sa.Column("file_line", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("payer_name", text(length=160), nullable=False),
        sa.Column("payer_iban", text(length=34), nullable=False),
        sa.Column("symbol", text(length=20), nullable=False),
        sa.Column("message", text(length=500), nullable=False),
        sa.Column("status", text(length=12), nullable=False),
        sa.Column("reason", text(length=200), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("match_no", sa.Integer(), nullable=False),
        sa.Column("credited_minor", sa.Integer(), nullable=False),
        sa.Column("imported_at", portal.models.base.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", portal.models.base.Instant(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status in ('waiting', 'matched', 'ignored')", name=op.f("ck_bank_line_status_known")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_bank_line_amount_positive")),
        sa.CheckConstraint(
            "credited_minor between 0 and amount_minor", name=op.f("ck_bank_line_credited_within_amount")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_bank_line_family_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bank_line_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("identity", name=op.f("uq_bank_line_identity")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bank_line_public_id")),
    )
    op.create_index(op.f("ix_bank_line_family_id"), "bank_line", ["family_id"])
    op.create_index(op.f("ix_bank_line_payer_iban"), "bank_line", ["payer_iban"])
    op.create_index(op.f("ix_bank_line_status_booked_on"), "bank_line", ["status", "booked_on"])


def _whatsapp_is_a_switch() -> None:
    op.add_column(
        "provider_settings", sa.Column("whatsapp", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def _privacy() -> None:
    """Erasure after a waiting time, and another e-mail address with proof of both."""
    at = portal.models.base.Instant(timezone=True)
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", at, nullable=False),
        sa.Column("due_at", at, nullable=False),
        sa.Column("cancelled_at", at, nullable=True),
        sa.Column("done_at", at, nullable=True),
        sa.CheckConstraint(
            "cancelled_at is null or done_at is null", name=op.f("ck_erasure_request_ends_one_way")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_erasure_request_guardian_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_erasure_request_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_request_public_id")),
    )
    for column in ("guardian_id", "family_id", "due_at"):
        op.create_index(op.f(f"ix_erasure_request_{column}"), "erasure_request", [column])
    waits = sa.text("cancelled_at is null and done_at is null")
    op.create_index(
        "uq_erasure_request_open_guardian_id",
        "erasure_request",
        ["guardian_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        "email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("old_code_hash", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("new_code_hash", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("expires_at", at, nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_email_change_tries_positive")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_email_change_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("guardian_id", name=op.f("uq_email_change_guardian_id")),
    )


def _checkouts() -> None:
    """Visits to a payment gateway."""
    at = portal.models.base.Instant(timezone=True)
    op.create_table(
        "checkout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("gateway", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("external_id", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("credit_minor", sa.Integer(), nullable=False),
        sa.Column("received_minor", sa.Integer(), nullable=False),
        sa.Column("refunded_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("created_at", at, nullable=False),
        sa.Column("expires_at", at, nullable=False),
        sa.CheckConstraint(
            "status in ('open', 'processing', 'paid', 'expired')", name=op.f("ck_checkout_status_known")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_checkout_amount_positive")),
        sa.CheckConstraint("credit_minor >= 0", name=op.f("ck_checkout_credit_positive")),
        sa.CheckConstraint(
            "refunded_minor between 0 and received_minor", name=op.f("ck_checkout_refund_within_received")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_checkout_family_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_checkout_guardian_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        sa.UniqueConstraint("public_id", name=op.f("uq_checkout_public_id")),
        sa.UniqueConstraint("gateway", "external_id", name=op.f("uq_checkout_gateway_external_id")),
    )
    op.create_index(op.f("ix_checkout_family_id"), "checkout", ["family_id"])
    op.create_index(op.f("ix_checkout_guardian_id"), "checkout", ["guardian_id"])
    op.create_table(
        "checkout_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("checkout_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("excess_minor", sa.Integer(), nullable=False),
        sa.Column("credit_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_checkout_part_amount_positive")),
        sa.CheckConstraint("credit_minor >= 0", name=op.f("ck_checkout_part_credit_positive")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_checkout_part_family_id")),
        sa.ForeignKeyConstraint(["checkout_id"], ["checkout.id"], name=op.f("fk_checkout_part_checkout_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_checkout_part_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_part")),
        sa.UniqueConstraint(
            "checkout_id", "payment_id", name=op.f("uq_checkout_part_checkout_id_payment_id")
        ),
    )
    op.create_index(op.f("ix_checkout_part_family_id"), "checkout_part", ["family_id"])
    op.create_index(op.f("ix_checkout_part_payment_id"), "checkout_part", ["payment_id"])


def _payment_events(*kinds: str) -> None:
    with op.batch_alter_table("payment_event") as event:
        event.drop_constraint(op.f("ck_payment_event_kind_known"), type_="check")
        event.create_check_constraint(
            op.f("ck_payment_event_kind_known"), f"kind in ({', '.join(repr(kind) for kind in kinds)})"
        )


def _refunds() -> None:
    """What gateways were asked to give back."""
    at = portal.models.base.Instant(timezone=True)
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("asked_at", at, nullable=False),
        sa.Column("settled_at", at, nullable=True),
        sa.CheckConstraint("status in ('asked', 'done', 'refused')", name=op.f("ck_refund_status_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_refund_family_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_public_id")),
    )
    op.create_index(op.f("ix_refund_family_id"), "refund", ["family_id"])
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"])
