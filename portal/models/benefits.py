"""Make-ups, passes, credit: every movement is a row with its cause; nothing is overwritten."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class MakeUpStatus(StrEnum):
    """Where a make-up stands."""

    AVAILABLE = "available"
    BOOKED = "booked"
    USED = "used"
    EXPIRED = "expired"
    TAKEN_BACK = "taken_back"


class MakeUpEntryKind(StrEnum):
    """One movement of a make-up."""

    EARNED = "earned"
    BOOKED = "booked"
    RETURNED = "returned"
    USED = "used"
    EXPIRED = "expired"
    EXTENDED = "extended"
    CORRECTED = "corrected"
    TAKEN_BACK = "taken_back"


class PassKind(StrEnum):
    """Entry pass (N visits), punch card (N visits of one programme), permanent pass (no count, until a date)."""

    ENTRY = "entry"
    PUNCH_CARD = "punch_card"
    PERMANENT = "permanent"


class PassEntryKind(StrEnum):
    """One movement of a pass."""

    BOUGHT = "bought"
    USED = "used"
    RETURNED = "returned"
    EXPIRED = "expired"
    CORRECTED = "corrected"


class CreditEntryKind(StrEnum):
    """One movement of a family's credit."""

    PREPAID = "prepaid"
    COMPENSATION = "compensation"
    OVERPAYMENT = "overpayment"
    REFUND = "refund"
    USED = "used"
    RETURNED = "returned"
    CORRECTED = "corrected"


class MakeUp(Table, table=True):
    """The right to attend another session; `book_by` is the last day on which it can be booked."""

    __tablename__ = "make_up"
    __table_args__ = (
        one_of("status", MakeUpStatus),
        UniqueConstraint("earned_by_id"),
        UniqueConstraint("booked_as_id"),
        Index("ix_make_up_family_id_status", "family_id", "status"),
        check("booked_names_it", "status not in ('booked', 'used') or booked_as_id is not null"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id", index=False)
    member_id: int = reference("member.id")
    booking_id: int = reference("booking.id")
    earned_by_id: int | None = optional_reference("attendance.id", index=False)
    booked_as_id: int | None = optional_reference("attendance.id", index=False)
    status: str = Field(default=MakeUpStatus.AVAILABLE, max_length=12)
    book_by: date
    created_at: datetime = instant()
    place_seen_at: datetime | None = instant(default=None)
    """When a session it could be booked for was first known to have a place."""
    extended_at: datetime | None = instant(default=None)
    """By the house itself, because there never was such a place; once."""
    carried_at: datetime | None = instant(default=None)
    """Into the next term; once."""


class MakeUpEntry(Table, table=True):
    """The history of a make-up."""

    __tablename__ = "make_up_entry"
    __table_args__ = (one_of("kind", MakeUpEntryKind),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    make_up_id: int = reference("make_up.id")
    kind: str = Field(max_length=12)
    attendance_id: int | None = optional_reference("attendance.id")
    cause: str = Field(default="", max_length=200)
    at: datetime = instant()


class Pass(Table, table=True):
    """Visits paid in advance; with no member it is shared by the family. A permanent pass has no entries."""

    __tablename__ = "pass"
    __table_args__ = (
        one_of("kind", PassKind),
        check("entries_in_range", "entries_left is null or entries_left between 0 and entries_total"),
        check("count_or_permanent", "(kind = 'permanent') = (entries_total is null)"),
        check("left_goes_with_total", "(entries_total is null) = (entries_left is null)"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    member_id: int | None = optional_reference("member.id")
    programme_id: int | None = optional_reference("programme.id")
    order_item_id: int | None = optional_reference("order_item.id")
    kind: str = Field(max_length=12)
    name: str = Field(max_length=120)
    icon: str = Field(default="ticket", max_length=40)
    entries_total: int | None = None
    entries_left: int | None = None
    valid_from: date
    valid_until: date | None = None
    paid: bool = False
    created_at: datetime = instant()


class PassEntry(Table, table=True):
    """The history of a pass; `change` is negative for a visit."""

    __tablename__ = "pass_entry"
    __table_args__ = (one_of("kind", PassEntryKind), check("left_positive", "left_after >= 0"))

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    pass_id: int = reference("pass.id")
    member_id: int | None = optional_reference("member.id")
    attendance_id: int | None = optional_reference("attendance.id")
    kind: str = Field(max_length=12)
    change: int
    left_after: int
    cause: str = Field(default="", max_length=200)
    at: datetime = instant()


class VisitBill(Table, table=True):
    """The order of a visit that no pass paid for: what is taken back when the visit is cancelled in time."""

    __tablename__ = "visit_bill"
    __table_args__ = (UniqueConstraint("order_id"),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    attendance_id: int = reference("attendance.id")
    order_id: int = reference("order.id", index=False)


class CreditEntry(Table, table=True):
    """The family's prepaid money as a ledger; `serial` counts from 1 a family, so two writers cannot both be next."""

    __tablename__ = "credit_entry"
    __table_args__ = (
        one_of("kind", CreditEntryKind),
        UniqueConstraint("family_id", "serial"),
        check("balance_positive", "balance_minor >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id", index=False)
    serial: int
    kind: str = Field(max_length=16)
    change_minor: int
    balance_minor: int
    currency: str = Field(max_length=3)
    cause: str = Field(max_length=200)
    order_id: int | None = optional_reference("order.id")
    payment_id: int | None = optional_reference("payment.id")
    session_id: int | None = optional_reference("class_session.id")
    member_id: int | None = optional_reference("member.id")
    at: datetime = instant()
