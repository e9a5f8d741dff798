"""When a family is reminded: each occasion has a window in which it is told, once, and after which it is not."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ANNOUNCED = timedelta(days=3)
"""A payment is announced so long before it is asked for."""
OVERDUE_AGAIN = timedelta(days=7)
MAKE_UP_ENDS = timedelta(days=7)
PASS_ENDS = timedelta(days=14)
DAY_BEFORE_FROM = time(16)
"""Of a session tomorrow one is told in the afternoon before."""
STALE = timedelta(days=3)
"""What should have been told so long ago, while nothing ran, is not told any more."""


class PaymentOccasion(StrEnum):
    """Of what a payment reminds; the value is part of what makes it be told once."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    OVERDUE_AGAIN = "overdue_again"


def payment_occasion(requested_on: date, due_on: date, today: date) -> PaymentOccasion | None:
    """What to remind of today, if of anything. A later occasion has replaced the ones before it.

    Overdue from the day after `due_on`, once more a week later; after downtime the reminder is still sent within
    STALE days of its day.
    """
    windows = (
        (due_on + timedelta(days=1) + OVERDUE_AGAIN, PaymentOccasion.OVERDUE_AGAIN),
        (due_on + timedelta(days=1), PaymentOccasion.OVERDUE),
        (requested_on, PaymentOccasion.DUE),
        (requested_on - ANNOUNCED, PaymentOccasion.UPCOMING),
    )
    for begins, occasion in windows:
        if today >= begins:
            return occasion if today < begins + STALE else None
    return None


def session_window(starts_at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the afternoon before until an hour before it starts: after that one is on the way. Aware, in UTC."""
    day_before = starts_at.astimezone(zone).date() - timedelta(days=1)
    begins = datetime.combine(day_before, DAY_BEFORE_FROM, tzinfo=zone).astimezone(UTC)
    return begins, starts_at - timedelta(hours=1)


def ends_soon(last_day: date, today: date, before: timedelta) -> bool:
    """Within `before` days of its last day, that day included."""
    return last_day - before <= today <= last_day
