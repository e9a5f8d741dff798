"""What a payment, and the order it is of, is called today. Upcoming is never called overdue."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum


class PaymentState(StrEnum):
    """The words of the payments page."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    PROCESSING = "processing"
    PAID = "paid"
    REFUNDED = "refunded"
    VOID = "void"


class OrderState(StrEnum):
    """Where an order stands: by the most pressing of its payments."""

    TO_PAY = "to_pay"
    ON_ITS_WAY = "on_its_way"
    LATER = "later"
    PAID = "paid"
    CANCELLED = "cancelled"


TO_PAY = frozenset({PaymentState.DUE, PaymentState.OVERDUE})
SETTLED = frozenset({PaymentState.PAID, PaymentState.REFUNDED, PaymentState.VOID})


def state(status: str, open_minor: int, requested_on: date, due_on: date, today: date) -> PaymentState:
    """An unpaid payment is upcoming before it is asked for, due until the end of its due day, then overdue.

    `open_minor` is what is still to come: with nothing to come there is nothing to ask for.
    """
    if status != "unpaid":
        return PaymentState(status)
    if not open_minor:
        return PaymentState.PAID
    if today < requested_on:
        return PaymentState.UPCOMING
    return PaymentState.DUE if today <= due_on else PaymentState.OVERDUE


def place_kept_until(due_on: date, grace_days: int) -> date:
    """The last day on which an overdue payment still keeps the place."""
    return due_on + timedelta(days=grace_days)


def order_state(payments: Collection[PaymentState], *, stands: bool) -> OrderState:
    """A cancelled order is cancelled, unless money for it is still on its way."""
    if PaymentState.PROCESSING in payments and TO_PAY.isdisjoint(payments):
        return OrderState.ON_ITS_WAY
    if not stands:
        return OrderState.CANCELLED
    if not TO_PAY.isdisjoint(payments):
        return OrderState.TO_PAY
    return OrderState.LATER if PaymentState.UPCOMING in payments else OrderState.PAID
