"""Messages: the outbox, what guardians want to hear, the provider's own texts, the demo inbox."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal import changes
from portal.models.base import Table, instant, one_of, optional_reference, public_id


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"


class MessageStatus(StrEnum):
    """A message's fate."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    GIVEN_UP = "given_up"
    TOGETHER = "together"
    """In the letter of another message, which `sent_with` names; its fate is that one's."""
    SKIPPED = "skipped"
    """Never sent, for the reason in `last_error`: switched off, or settled meanwhile."""


class OutboxMessage(Table, table=True):
    """Written in the transaction of its cause, sent after it. The body of a secret message is emptied once sent.

    What is told is kept as notes in `content` and becomes a letter when it is sent; a message that came as a letter
    (signing in) has no notes. `once_key` is of what is told once and never again.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("status", MessageStatus),
        Index("ix_outbox_message_status_next_try_at", "status", "next_try_at"),
        Index("ix_outbox_message_sender_message_id", "sender_message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    channel: str = Field(default=Channel.EMAIL, max_length=12)
    kind: str = Field(max_length=40)
    guardian_id: int | None = optional_reference("guardian.id")
    family_id: int | None = optional_reference("family.id")
    to_address: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    body_text: str
    body_html: str
    content: str = ""
    once_key: str | None = Field(default=None, max_length=120, unique=True)
    sent_with: int | None = optional_reference("outbox_message.id")
    secret: bool = False
    status: str = Field(default=MessageStatus.QUEUED, max_length=12)
    attempts: int = 0
    next_try_at: datetime = instant()
    leased_until: datetime | None = instant(default=None)
    lease: str = Field(default="", max_length=40)
    last_error: str = Field(default="", max_length=300)
    sender_message_id: str = Field(default="", max_length=200)
    created_at: datetime = instant()
    sent_at: datetime | None = instant(default=None)
    delivered_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """Whoever sends; the outbox is not on a family's screen."""
        return (changes.OUTBOX,)


class DemoMail(Table, table=True):
    """The demo's inbox: what the log sender would have sent. Never filled outside a demo."""

    __tablename__ = "demo_mail"

    id: int | None = Field(default=None, primary_key=True)
    to_address: str = Field(max_length=254, index=True)
    subject: str = Field(max_length=300)
    body_text: str
    body_html: str
    sent_at: datetime = instant()


class MessagePreference(Table, table=True):
    """A guardian's answer for one kind of message on one channel; no row means the provider's default."""

    __tablename__ = "message_preference"
    __table_args__ = (UniqueConstraint("guardian_id", "kind", "channel"), one_of("channel", Channel))

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="guardian.id")
    kind: str = Field(max_length=40)
    channel: str = Field(max_length=12)
    wanted: bool


class MessageTemplate(Table, table=True):
    """The provider's own words for a kind of message in a language."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("kind", "locale"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    locale: str = Field(max_length=12)
    subject: str = Field(max_length=300)
    body_text: str
    body_html: str
    updated_at: datetime = instant()
