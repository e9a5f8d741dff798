"""What a private calendar holds, and how its sessions are told to other programs."""

from datetime import datetime, timedelta

KEPT = timedelta(days=60)
"""How long a session stays in the calendar after it; what is to come is in it however far away."""
REMINDERS = (30, 120, 1440)
"""Minutes before the start at which a reminder may ring."""
ADDRESS_OF = "calendar"
"""What a feed's secret is made for; see keyed_hash."""


def sequence(session_changes: int, booked_at: datetime, decided_at: datetime) -> int:
    """A number that grows with every change of the session and with every decision about coming to it.

    Decisions are not counted anywhere, but each has its time: its seconds since the booking only ever grow.
    """
    return session_changes + max(0, int((decided_at - booked_at).total_seconds()))


def reminder_words(minutes: int | None) -> str:
    """ "2 hours before", or nothing."""
    if minutes is None:
        return ""
    if minutes % 1440 == 0:
        return "1 day before" if minutes == 1440 else f"{minutes // 1440} days before"
    if minutes % 60 == 0:
        return "1 hour before" if minutes == 60 else f"{minutes // 60} hours before"
    return f"{minutes} minutes before"
