"""The provider: brand, policies and switches. One deployment serves one provider."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from portal.models.base import ProviderTable, check, instant, one_of


class NoticeKind(StrEnum):
    """How the limit for "Can't come" is set."""

    HOURS_BEFORE = "hours_before"
    DAY_BEFORE_AT = "day_before_at"


class LateCancellation(StrEnum):
    """What happens after the limit."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class MakeUpExpiry(StrEnum):
    """When the right to book a make-up ends."""

    DAYS = "days"
    END_OF_COURSE = "end_of_course"
    CARRY_OVER = "carry_over"


class ProviderSettings(ProviderTable, table=True):
    """The single row of what the provider may set. Money in minor units of `currency`."""

    __tablename__ = "provider_settings"
    __table_args__ = (
        check("single_row", "id = 1"),
        check("brand_color_hex", "length(brand_color) = 7 and substr(brand_color, 1, 1) = '#'"),
        check("notice_hours_positive", "notice_hours >= 0"),
        check("notice_at_hour_in_day", "notice_at_hour between 0 and 23"),
        one_of("notice_kind", NoticeKind),
        one_of("late_cancellation", LateCancellation),
        one_of("make_up_expiry", MakeUpExpiry),
    )

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=120)
    short_name: str = Field(max_length=40)
    brand_color: str = Field(default="#0e6e6e", max_length=7)
    logo: bytes | None = None
    logo_type: str = Field(default="", max_length=40)
    timezone: str = Field(default="Europe/Bratislava", max_length=60)
    locale: str = Field(default="en_GB", max_length=12)
    currency: str = Field(default="EUR", max_length=3)
    country: str = Field(default="SK", max_length=2)
    order_prefix: str = Field(default="OT", max_length=6)
    legal_name: str = Field(default="", max_length=160)
    company_id: str = Field(default="", max_length=40)
    tax_id: str = Field(default="", max_length=40)
    vat_id: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=300)
    contact_email: str = Field(default="", max_length=254)
    contact_phone: str = Field(default="", max_length=40)
    website: str = Field(default="", max_length=300)
    help_url: str = Field(default="", max_length=300)
    policies_url: str = Field(default="", max_length=300)
    account_holder: str = Field(default="", max_length=160)
    iban: str = Field(default="", max_length=34)
    bic: str = Field(default="", max_length=11)
    allowed_sites: str = Field(default="", max_length=2000)

    online_payment: bool = True
    bank_transfer: bool = True
    invoices: bool = True
    invoice_when_paid: bool = False
    make_ups: bool = True
    sharing: bool = True
    livestream: bool = True
    shared_passes: bool = True
    whatsapp: bool = False

    notice_kind: str = Field(default=NoticeKind.HOURS_BEFORE, max_length=16)
    notice_hours: int = 12
    notice_at_hour: int = 18
    notice_skips_days_off: bool = False
    late_cancellation: str = Field(default=LateCancellation.ALLOWED, max_length=12)
    late_text: str = Field(default="", max_length=500)
    make_up_expiry: str = Field(default=MakeUpExpiry.DAYS, max_length=16)
    make_up_days: int = 60
    make_up_carry_over: int = 0
    make_up_for_missed: bool = False
    extra_make_up_places: int = 0
    extra_places_only: bool = False
    """Make-ups take the extra places and no ordinary ones; else they take whatever is free."""
    make_up_closes_hours: int = 2
    make_up_window_days: int | None = None
    """A session can be booked with a make-up from so many days before; None: as soon as it is planned."""
    make_up_new_course_days: int | None = None
    """A course that has not begun counts if it begins within so many days; None: always, 0: once it has begun."""
    make_up_offer_hours: int = 24
    livestream_opens_minutes: int = 15
    overdue_grace_days: int = 14
    order_due_days: int = 10
    pay_for_what_is_left: bool = True
    """Who joins a course late pays for the sessions still to come; else the whole price."""
    trial_offer_days: int = 7
    """An offer after an attended trial lasts so many days; with 0 the staff make the offers."""
    waiting_offer_hours: int = 48
    quiet_from_hour: int = 21
    quiet_until_hour: int = 8
    updated_at: datetime = instant()


class Holiday(ProviderTable, table=True):
    """A day without classes; limits may move back over it."""

    __tablename__ = "holiday"

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    name: str = Field(default="", max_length=120)
