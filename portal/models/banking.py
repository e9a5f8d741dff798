"""What banks say has come in, and what was made of each line."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id


class BankLineStatus(StrEnum):
    """Whether a line has found what it is for."""

    WAITING = "waiting"
    MATCHED = "matched"
    IGNORED = "ignored"


class BankLine(Table, table=True):
    """Money that came to the provider's account, once however often a statement with it is imported.

    `identity` is what the bank calls it, or a hash of what it says. `match_no` counts how often it was matched:
    the events of its present match carry it. `credited_minor` of it went to the family's credit without a payment.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        one_of("status", BankLineStatus),
        check("amount_positive", "amount_minor > 0"),
        check("credited_within_amount", "credited_minor between 0 and amount_minor"),
        Index("ix_bank_line_status_booked_on", "status", "booked_on"),
        Index("ix_bank_line_payer_iban", "payer_iban"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    identity: str = Field(max_length=64, unique=True)
    source: str = Field(max_length=8)
    file_name: str = Field(default="", max_length=200)
    file_line: int = 0
    booked_on: date
    amount_minor: int
    currency: str = Field(max_length=3)
    payer_name: str = Field(default="", max_length=160)
    payer_iban: str = Field(default="", max_length=34)
    symbol: str = Field(default="", max_length=20)
    message: str = Field(default="", max_length=500)
    status: str = Field(default=BankLineStatus.WAITING, max_length=12)
    reason: str = Field(default="", max_length=200)
    confidence: int = 0
    family_id: int | None = optional_reference("family.id")
    match_no: int = 0
    credited_minor: int = 0
    imported_at: datetime = instant()
    decided_at: datetime | None = instant(default=None)
    staff_id: int | None = optional_reference("staff.id", index=False)
