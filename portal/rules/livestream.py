"""When a livestream can be joined: the link is always there, the button only while it leads somewhere."""

from datetime import datetime, timedelta


def opens_at(starts_at: datetime, minutes_before: int) -> datetime:
    """The instant from which the livestream can be joined."""
    return starts_at - timedelta(minutes=minutes_before)


def is_open(starts_at: datetime, ends_at: datetime, minutes_before: int, now: datetime) -> bool:
    """From `minutes_before` the start until the end."""
    return opens_at(starts_at, minutes_before) <= now < ends_at
