"""When a message that could not be sent is tried again, and when it is given up."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=3)
"""How long one worker may take to send: longer than every timeout of every sender together."""

_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 300, 900, 3600, 10800))
LIFE = timedelta(hours=23)
"""Resend knows a message again for 24 hours (idempotency keys): later, a retry could be a second one."""


def next_try(attempts: int, life: timedelta, created_at: datetime, now: datetime) -> datetime | None:
    """The next try after `attempts` failed ones; None when the message would be too old by then."""
    at = now + _WAITS[min(attempts, len(_WAITS)) - 1]
    return at if at < created_at + life else None
