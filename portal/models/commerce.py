"""Orders, their discounts and payments. Money in minor units with a currency."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class OrderStatus(StrEnum):
    """Whether the order stands."""

    STANDING = "standing"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    """What a line of an order buys."""

    BOOKING = "booking"
    PASS = "pass"  # noqa: S105 - a kind of item, not a password
    GOODS = "goods"
    CREDIT = "credit"


class PaymentStatus(StrEnum):
    """What has happened; upcoming, due and overdue follow from the dates (rules/payments.py)."""

    UNPAID = "unpaid"
    PROCESSING = "processing"
    PAID = "paid"
    REFUNDED = "refunded"
    VOID = "void"


class PaymentMethod(StrEnum):
    """How money came."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    CREDIT = "credit"


class PaymentEventKind(StrEnum):
    """One movement in a payment's history."""

    ASKED = "asked"
    ANNOUNCED = "announced"
    FAILED = "failed"
    RECEIVED = "received"
    CREDIT_USED = "credit_used"
    REFUNDED = "refunded"
    VOIDED = "voided"
    CORRECTED = "corrected"


class RefundStatus(StrEnum):
    """What a gateway answered when it was asked to give money back."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class Order(Table, table=True):
    """What was bought: items, total, discounts, payments due."""

    __tablename__ = "order"
    __table_args__ = (
        one_of("status", OrderStatus),
        check("total_positive", "total_minor >= 0"),
        Index("ix_order_family_id_created_at", "family_id", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    number: str = Field(max_length=24, unique=True)
    family_id: int = reference("family.id", index=False)
    guardian_id: int | None = optional_reference("guardian.id")
    status: str = Field(default=OrderStatus.STANDING, max_length=12)
    total_minor: int
    currency: str = Field(max_length=3)
    buyer_name: str = Field(default="", max_length=160)
    buyer_address: str = Field(default="", max_length=300)
    buyer_company_id: str = Field(default="", max_length=40)
    buyer_vat_id: str = Field(default="", max_length=40)
    price_receipt: str = ""
    """JSON (services/price_offers.py): every discount that was looked at, and what came of it."""
    created_at: datetime = instant()


class OrderItem(Table, table=True):
    """A line of an order; `total_minor` is before discounts."""

    __tablename__ = "order_item"
    __table_args__ = (
        one_of("kind", ItemKind),
        check("quantity_positive", "quantity >= 1"),
        check("line_adds_up", "total_minor = quantity * unit_minor"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    order_id: int = reference("order.id")
    position: int
    kind: str = Field(max_length=12)
    label: str = Field(max_length=160)
    detail: str = Field(default="", max_length=200)
    member_id: int | None = optional_reference("member.id")
    booking_id: int | None = optional_reference("booking.id")
    quantity: int = 1
    unit_minor: int
    total_minor: int
    vat_basis_points: int = 0


class Payment(Table, table=True):
    """Money due for an order. Asked for from `requested_on`, due until the end of `due_on`."""

    __tablename__ = "payment"
    __table_args__ = (
        one_of("status", PaymentStatus),
        check("amount_positive", "amount_minor >= 0"),
        check("received_positive", "received_minor >= 0"),
        check("refund_within_received", "refunded_minor between 0 and received_minor"),
        check("in_order", "requested_on <= due_on"),
        UniqueConstraint("order_id", "position"),
        Index("ix_payment_family_id_status_due_on", "family_id", "status", "due_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id", index=False)
    order_id: int = reference("order.id", index=False)
    reference: str = Field(max_length=24, unique=True)
    position: int = 1
    label: str = Field(max_length=160)
    member_id: int | None = optional_reference("member.id")
    amount_minor: int
    received_minor: int = 0
    refunded_minor: int = 0
    currency: str = Field(max_length=3)
    status: str = Field(default=PaymentStatus.UNPAID, max_length=12)
    method: str = Field(default="", max_length=16)
    requested_on: date
    due_on: date
    announced_on: date | None = None
    paid_at: datetime | None = instant(default=None)
    created_at: datetime = instant()


class PaymentEvent(Table, table=True):
    """One movement of a payment; rows are only ever added. `external_id` is the gateway's or the bank's own."""

    __tablename__ = "payment_event"
    __table_args__ = (one_of("kind", PaymentEventKind), UniqueConstraint("external_id"))

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    payment_id: int = reference("payment.id")
    kind: str = Field(max_length=16)
    amount_minor: int = 0
    method: str = Field(default="", max_length=16)
    note: str = Field(default="", max_length=200)
    external_id: str | None = Field(default=None, max_length=120)
    at: datetime = instant()


class Refund(Table, table=True):
    """Money that a gateway was asked to give back: kept aside until it says that it has, or that it will not."""

    __tablename__ = "refund"
    __table_args__ = (one_of("status", RefundStatus), check("amount_positive", "amount_minor > 0"))

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    payment_id: int = reference("payment.id")
    amount_minor: int
    currency: str = Field(max_length=3)
    status: str = Field(default=RefundStatus.ASKED, max_length=12)
    asked_at: datetime = instant()
    settled_at: datetime | None = instant(default=None)


class GatewayEvent(Table, table=True):
    """A webhook event taken in once, with its effect, in one transaction."""

    __tablename__ = "gateway_event"
    __table_args__ = (UniqueConstraint("gateway", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    gateway: str = Field(max_length=16)
    event_id: str = Field(max_length=120)
    kind: str = Field(max_length=80)
    received_at: datetime = instant()
