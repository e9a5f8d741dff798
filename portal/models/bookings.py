"""Enrolments and what happens to them: attendance, shares, trials, waiting list, enquiries."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from portal import changes
from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class BookingKind(StrEnum):
    """How a member is enrolled."""

    FULL = "full"
    TRIAL = "trial"
    DROP_IN = "drop_in"


class BookingStatus(StrEnum):
    """Where a booking stands."""

    OPEN = "open"
    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


LIVE = (BookingStatus.OPEN, BookingStatus.ACTIVE)
"""Not over: it has its places, or waits for something."""


class OpenReason(StrEnum):
    """Why an open booking is open."""

    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    TRIAL = "trial"
    WAITING_LIST = "waiting_list"


class AttendanceStatus(StrEnum):
    """One booking at one session."""

    GOING = "going"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"


class AttendanceKind(StrEnum):
    """By which right the member comes."""

    REGULAR = "regular"
    MAKE_UP = "make_up"
    TRIAL = "trial"
    DROP_IN = "drop_in"


class DecidedBy(StrEnum):
    """Who set the present status."""

    GUARDIAN = "guardian"
    STAFF = "staff"
    PROVIDER = "provider"
    RULE = "rule"


class AbsenceReason(StrEnum):
    """Why a member can't come, if a guardian says so; for the provider's eyes only."""

    UNWELL = "unwell"
    AWAY = "away"
    OTHER = "other"


class OfferStatus(StrEnum):
    """An offer waits, or has been answered, or ran out."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class EnquiryStatus(StrEnum):
    """An enquiry is not a booking."""

    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"


class Booking(Table, table=True):
    """A member's enrolment in a course."""

    __tablename__ = "booking"
    __table_args__ = (
        one_of("kind", BookingKind),
        one_of("status", BookingStatus),
        check("open_says_why", "(status = 'open') = (open_reason <> '')"),
        Index("ix_booking_family_id_status", "family_id", "status"),
        Index(
            "uq_booking_live_member_course",
            "member_id",
            "course_id",
            unique=True,
            sqlite_where=text("status in ('open', 'active')"),
            postgresql_where=text("status in ('open', 'active')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id", index=False)
    member_id: int = reference("member.id", index=False)
    course_id: int = reference("course.id")
    kind: str = Field(default=BookingKind.FULL, max_length=12)
    status: str = Field(default=BookingStatus.ACTIVE, max_length=12)
    open_reason: str = Field(default="", max_length=16)
    starts_on: date
    ends_on: date
    created_at: datetime = instant()
    cancelled_at: datetime | None = instant(default=None)
    cancel_note: str = Field(default="", max_length=300)


class Attendance(Table, table=True):
    """One booking at one session: going, attended, missed, cancelled; regular or make-up."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("booking_id", "session_id"),
        one_of("status", AttendanceStatus),
        one_of("kind", AttendanceKind),
        one_of("decided_by", DecidedBy),
        Index("ix_attendance_family_id_session_id", "family_id", "session_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id", index=False)
    member_id: int = reference("member.id")
    booking_id: int = reference("booking.id", index=False)
    session_id: int = reference("class_session.id")
    kind: str = Field(default=AttendanceKind.REGULAR, max_length=12)
    status: str = Field(default=AttendanceStatus.GOING, max_length=16)
    decided_by: str = Field(default=DecidedBy.RULE, max_length=12)
    decided_at: datetime = instant()
    note: str = Field(default="", max_length=200)
    """A remark that the family reads."""
    reason: str = Field(default="", max_length=12)
    """Why the member can't come; families never see it."""


class Share(Table, table=True):
    """Another adult may see one booking, until a date or until revoked; `email` is lower-cased."""

    __tablename__ = "share"
    __table_args__ = (
        Index("ix_share_email", "email"),
        Index(
            "uq_share_standing_booking_id_email",
            "booking_id",
            "email",
            unique=True,
            sqlite_where=text("revoked_at is null"),
            postgresql_where=text("revoked_at is null"),
        ),
        check("email_lower", "email = lower(email)"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    booking_id: int = reference("booking.id")
    email: str = Field(max_length=254)
    guardian_id: int | None = optional_reference("guardian.id")
    full_name: str = Field(default="", max_length=160)
    can_act: bool = False
    sees_payments: bool = False
    gets_messages: bool = True
    until: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)
    created_at: datetime = instant()

    def topics(self) -> Iterable[str]:
        """The family, and the adult who sees or no longer sees."""
        told = [changes.family(self.family_id)]
        return told if self.guardian_id is None else [*told, changes.guardian(self.guardian_id)]


class TrialOffer(Table, table=True):
    """After an attended trial: a price, what it buys, until when."""

    __tablename__ = "trial_offer"
    __table_args__ = (one_of("status", OfferStatus), check("price_positive", "price_minor >= 0"))

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    booking_id: int = reference("booking.id")
    course_id: int = reference("course.id")
    price_minor: int
    currency: str = Field(max_length=3)
    expires_at: datetime = instant()
    status: str = Field(default=OfferStatus.OFFERED, max_length=12)
    created_at: datetime = instant()


class WaitingListEntry(Table, table=True):
    """A place in the line for a course; `position` is the order of joining, not the rank shown."""

    __tablename__ = "waiting_list_entry"
    __table_args__ = (
        UniqueConstraint("course_id", "position"),
        one_of("status", OfferStatus),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    booking_id: int = Field(foreign_key="booking.id", unique=True)
    course_id: int = reference("course.id", index=False)
    position: int
    status: str = Field(default=OfferStatus.WAITING, max_length=12)
    joined_at: datetime = instant()
    offered_at: datetime | None = instant(default=None)
    offer_expires_at: datetime | None = instant(default=None)


class Enquiry(Table, table=True):
    """A question about a programme; the portal says it is with the provider."""

    __tablename__ = "enquiry"
    __table_args__ = (one_of("status", EnquiryStatus),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    guardian_id: int | None = optional_reference("guardian.id")
    member_id: int | None = optional_reference("member.id")
    programme_id: int = reference("programme.id")
    text: str = Field(default="", max_length=2000)
    status: str = Field(default=EnquiryStatus.RECEIVED, max_length=12)
    created_at: datetime = instant()
