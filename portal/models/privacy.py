"""What people ask for about themselves: erasure after a waiting time, another e-mail address."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from portal import changes
from portal.models.base import Table, check, instant, optional_reference, public_id, reference


class ErasureRequest(Table, table=True):
    """A guardian asks that everything about them be erased, and of the family too where they hold its account.

    `family_id` is empty when only the guardian leaves. Until `due_at` any adult concerned may cancel.
    """

    __tablename__ = "erasure_request"
    __table_args__ = (
        check("ends_one_way", "cancelled_at is null or done_at is null"),
        Index(
            "uq_erasure_request_open_guardian_id",
            "guardian_id",
            unique=True,
            sqlite_where=text("cancelled_at is null and done_at is null"),
            postgresql_where=text("cancelled_at is null and done_at is null"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    guardian_id: int = reference("guardian.id")
    family_id: int | None = optional_reference("family.id")
    asked_at: datetime = instant()
    due_at: datetime = instant(index=True)
    cancelled_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """Everybody it concerns sees that it is asked for."""
        told = [changes.guardian(self.guardian_id)]
        return told if self.family_id is None else [*told, changes.family(self.family_id)]


class EmailChange(Table, table=True):
    """A guardian moves to another address: a code to each proves that both are theirs. Codes are stored as hashes."""

    __tablename__ = "email_change"
    __table_args__ = (check("tries_positive", "tries >= 0"),)

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="guardian.id", unique=True)
    new_email: str = Field(max_length=254)
    old_code_hash: str = Field(max_length=300)
    new_code_hash: str = Field(max_length=300)
    tries: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()

    def topics(self) -> Iterable[str]:
        """The guardian's own windows."""
        return (changes.guardian(self.guardian_id),)
