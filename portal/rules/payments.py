"""What a payment is called today. Upcoming is never called overdue."""

from datetime import date
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


def state(status: str, requested_on: date, due_on: date, today: date) -> PaymentState:
    """An unpaid payment is upcoming before it is asked for, due up to and including its due day, then overdue."""
    if status != "unpaid":
        return PaymentState(status)
    if today < requested_on:
        return PaymentState.UPCOMING
    return PaymentState.DUE if today <= due_on else PaymentState.OVERDUE
