"""Signing in, staying signed in, consents, private calendar links. Secrets are stored as hashes only."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal import changes
from portal.models.base import Table, check, instant, optional_reference, public_id, reference


class LoginChallenge(Table, table=True):
    """One sign-in message: its code and its link, either of which signs in once.

    A row is written for unknown e-mails too (with no guardian), so that the same work is done for both.
    """

    __tablename__ = "login_challenge"
    __table_args__ = (
        check("tries_positive", "tries >= 0"),
        Index("ix_login_challenge_email_created_at", "email", "created_at"),
        Index("ix_login_challenge_address_hash_created_at", "address_hash", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    email: str = Field(max_length=254)
    guardian_id: int | None = optional_reference("guardian.id")
    code_hash: str = Field(max_length=300)
    link_hash: str = Field(max_length=64, unique=True)
    browser_hash: str = Field(default="", max_length=64)
    address_hash: str = Field(default="", max_length=64)
    next_path: str = Field(default="", max_length=300)
    tries: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()
    consumed_at: datetime | None = instant(default=None)


class LoginFailure(Table, table=True):
    """A wrong code; counted per e-mail over 24 hours, across codes."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_email_at", "email", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    at: datetime = instant()


class LoginSession(Table, table=True):
    """A signed-in browser of a guardian or of staff; `token_hash` is SHA-256 of the cookie.

    `member_choice` is the chosen member's public id, empty for Everyone.
    """

    __tablename__ = "login_session"
    __table_args__ = (check("guardian_or_staff", "(guardian_id is null) <> (staff_id is null)"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    token_hash: str = Field(max_length=64, unique=True)
    guardian_id: int | None = optional_reference("guardian.id")
    staff_id: int | None = optional_reference("staff.id")
    family_id: int | None = optional_reference("family.id", index=False)
    member_choice: str = Field(default="", max_length=24)
    browser: str = Field(default="", max_length=120)
    created_at: datetime = instant()
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """The browser itself."""
        return () if self.id is None else (changes.login(self.id),)


class ConsentVersion(Table, table=True):
    """A published text; a new version of a required one is asked again."""

    __tablename__ = "consent_version"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    version: int
    position: int = 1
    title: str = Field(max_length=160)
    summary: str = Field(default="", max_length=400)
    text: str
    text_hash: str = Field(max_length=64)
    required: bool
    published_at: datetime = instant()

    def topics(self) -> Iterable[str]:
        """Everyone is asked."""
        return (changes.EVERYONE,)


class ConsentAnswer(Table, table=True):
    """A guardian's answer to a version, with its time and the hash of the text; rows are only ever added."""

    __tablename__ = "consent_answer"
    __table_args__ = (Index("ix_consent_answer_guardian_id_at", "guardian_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = reference("guardian.id", index=False)
    consent_version_id: int = reference("consent_version.id")
    given: bool
    text_hash: str = Field(max_length=64)
    at: datetime = instant()

    def topics(self) -> Iterable[str]:
        """The guardian's own windows."""
        return (changes.guardian(self.guardian_id),)


class CalendarFeed(Table, table=True):
    """A private, revocable calendar address; for one member or, with none, for everyone.

    No family: for an adult who has nothing but a share. `content_hash` and `content_at` say what was last handed
    out and since when it is so; `alarm_minutes` before the start a reminder rings, if at all.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (check("alarm_positive", "alarm_minutes >= 0"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int | None = optional_reference("family.id")
    guardian_id: int = reference("guardian.id")
    member_id: int | None = optional_reference("member.id")
    token_hash: str = Field(max_length=64, unique=True)
    alarm_minutes: int | None = None
    content_hash: str = Field(default="", max_length=64)
    content_at: datetime | None = instant(default=None)
    created_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)

    def topics(self) -> Iterable[str]:
        """The guardian's own windows: nobody else sees it."""
        return (changes.guardian(self.guardian_id),)
