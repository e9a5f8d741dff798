"""Whether notice was given in time."""

from datetime import datetime, timedelta


def is_late(starts_at: datetime, now: datetime, notice: timedelta) -> bool:
    """Exactly the notice before the start is still in time."""
    return starts_at - now < notice
