"""Discounts of families, voucher codes, and what each took off an order."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference


class DiscountKind(StrEnum):
    """Where a discount comes from."""

    SIBLING = "sibling"
    LOYALTY = "loyalty"
    VOUCHER = "voucher"
    GRANTED = "granted"


class Discount(Table, table=True):
    """Percentage or amount off; belongs to a member or, with no member, to the family."""

    __tablename__ = "discount"
    __table_args__ = (
        one_of("kind", DiscountKind),
        check("percent_or_amount", "(percent_basis_points is null) <> (amount_minor is null)"),
        check("uses_left_positive", "uses_left is null or uses_left >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    member_id: int | None = optional_reference("member.id")
    kind: str = Field(max_length=12)
    name: str = Field(max_length=120)
    detail: str = Field(default="", max_length=200)
    percent_basis_points: int | None = None
    amount_minor: int | None = None
    currency: str = Field(max_length=3)
    automatic: bool = False
    valid_from: date
    valid_until: date | None = None
    uses_left: int | None = None
    created_at: datetime = instant()


class OrderDiscount(Table, table=True):
    """A discount used in an order; `amount_minor` is what it took off."""

    __tablename__ = "order_discount"
    __table_args__ = (check("amount_positive", "amount_minor >= 0"),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    order_id: int = reference("order.id")
    order_item_id: int | None = optional_reference("order_item.id")
    discount_id: int | None = optional_reference("discount.id")
    label: str = Field(max_length=120)
    amount_minor: int
    created_at: datetime = instant()


class Voucher(Table, table=True):
    """A code anybody may type; upper-cased."""

    __tablename__ = "voucher"
    __table_args__ = (
        check("percent_or_amount", "(percent_basis_points is null) <> (amount_minor is null)"),
        check("not_overused", "max_uses is null or uses between 0 and max_uses"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=120)
    percent_basis_points: int | None = None
    amount_minor: int | None = None
    currency: str = Field(max_length=3)
    valid_from: date
    valid_until: date | None = None
    max_uses: int | None = None
    uses: int = 0
