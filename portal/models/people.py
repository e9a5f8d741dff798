"""Families, their guardians and members; staff."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal import changes
from portal.actor import StaffRole
from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class FamilyRole(StrEnum):
    """A guardian's place in a family."""

    HOLDER = "holder"
    ADULT = "adult"


class Family(Table, table=True):
    """The household: its guardians, members, orders, credits."""

    __tablename__ = "family"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    name: str = Field(max_length=120, index=True)
    billing_name: str = Field(default="", max_length=160)
    billing_address: str = Field(default="", max_length=300)
    created_at: datetime = instant()
    erased_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """Itself."""
        return () if self.id is None else (changes.family(self.id),)


class Guardian(Table, table=True):
    """An adult who signs in by e-mail; never has a password. `email` is stored lower-cased."""

    __tablename__ = "guardian"
    __table_args__ = (check("email_lower", "email = lower(email)"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    full_name: str = Field(max_length=160)
    email: str = Field(max_length=254, unique=True)
    phone: str = Field(default="", max_length=40)
    locale: str = Field(default="en", max_length=12)
    created_at: datetime = instant()
    erased_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """The guardian's own windows."""
        return () if self.id is None else (changes.guardian(self.id),)


class FamilyGuardian(Table, table=True):
    """A guardian belongs to a family; to several, if life is so."""

    __tablename__ = "family_guardian"
    __table_args__ = (UniqueConstraint("family_id", "guardian_id"), one_of("role", FamilyRole))

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id", index=False)
    guardian_id: int = reference("guardian.id")
    role: str = Field(default=FamilyRole.ADULT, max_length=12)

    def topics(self) -> Iterable[str]:
        """The family and the guardian who comes or goes."""
        return (changes.family(self.family_id), changes.guardian(self.guardian_id))


class Member(Table, table=True):
    """A child (or adult) who attends classes. `position` gives the member's hue and shape."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("family_id", "position"),
        Index("ix_member_last_name_first_name", "last_name", "first_name"),
        check("position_positive", "position >= 1"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id", index=False)
    position: int
    first_name: str = Field(max_length=80)
    last_name: str = Field(default="", max_length=80)
    birth_date: date | None = None
    is_adult: bool = False
    health_note: str = Field(default="", max_length=500)
    created_at: datetime = instant()
    erased_at: datetime | None = instant(default=None)


class Staff(Table, table=True):
    """A person of the provider who signs in to the provider console."""

    __tablename__ = "staff"
    __table_args__ = (one_of("role", StaffRole), check("email_lower", "email = lower(email)"))

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    full_name: str = Field(max_length=160)
    email: str = Field(max_length=254, unique=True)
    password_hash: str = Field(max_length=300)
    totp_secret: str | None = Field(default=None, max_length=64)
    role: str = Field(default=StaffRole.INSTRUCTOR, max_length=16)
    active: bool = True
    created_at: datetime = instant()


class AuditEntry(Table, table=True):
    """Who did what, when; rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_family_id_at", "family_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = instant(index=True)
    actor_kind: str = Field(max_length=12)
    guardian_id: int | None = optional_reference("guardian.id")
    staff_id: int | None = optional_reference("staff.id")
    family_id: int | None = optional_reference("family.id", index=False)
    action: str = Field(max_length=60)
    subject: str = Field(default="", max_length=120)
    detail: str = Field(default="", max_length=2000)

    def topics(self) -> Iterable[str]:
        """Nobody: the log is not on a family's screen."""
        return ()
