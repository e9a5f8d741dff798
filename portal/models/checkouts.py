"""Paying online: what was asked of a gateway, for which payments, and what came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class CheckoutStatus(StrEnum):
    """Where a visit to the gateway stands; it only moves forward, but for money that comes after its time."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"


class Checkout(Table, table=True):
    """One visit to a gateway. `amount_minor` is asked for there; `credit_minor` the family's credit pays beside it.

    `received_minor` and `refunded_minor` are what was taken in of what the gateway says: both only grow.
    """

    __tablename__ = "checkout"
    __table_args__ = (
        one_of("status", CheckoutStatus),
        UniqueConstraint("gateway", "external_id"),
        check("amount_positive", "amount_minor > 0"),
        check("credit_positive", "credit_minor >= 0"),
        check("refund_within_received", "refunded_minor between 0 and received_minor"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    guardian_id: int | None = optional_reference("guardian.id")
    gateway: str = Field(max_length=16)
    external_id: str | None = Field(default=None, max_length=120)
    url: str = Field(default="", max_length=1000)
    amount_minor: int
    credit_minor: int = 0
    received_minor: int = 0
    refunded_minor: int = 0
    currency: str = Field(max_length=3)
    status: str = Field(default=CheckoutStatus.OPEN, max_length=12)
    created_at: datetime = instant()
    expires_at: datetime = instant()


class CheckoutPart(Table, table=True):
    """What of a checkout is for one payment; `excess_minor` of its money became credit, the payment being settled."""

    __tablename__ = "checkout_part"
    __table_args__ = (
        UniqueConstraint("checkout_id", "payment_id"),
        check("amount_positive", "amount_minor >= 0"),
        check("credit_positive", "credit_minor >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    checkout_id: int = reference("checkout.id", index=False)
    payment_id: int = reference("payment.id")
    amount_minor: int
    credit_minor: int = 0
    excess_minor: int = 0
