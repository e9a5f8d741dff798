"""Days on which the clocks do something, in zones that do it differently, and an oracle that only counts minutes."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = ["Europe/Bratislava", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]
EDGES = [
    date(2026, 3, 8),  # New York and St John's spring forward
    date(2026, 3, 29),  # Bratislava springs forward
    date(2026, 4, 5),  # Lord Howe falls back by half an hour
    date(2026, 10, 4),  # Lord Howe springs forward by half an hour
    date(2026, 10, 25),  # Bratislava falls back
    date(2026, 11, 1),  # New York and St John's fall back
    date(2028, 2, 29),
    date(2026, 3, 12),
]


@cache
def oracle(day: date, wanted: time, zone: ZoneInfo) -> datetime:
    """The first minute of UTC whose wall clock shows the wanted time or, in a gap, just jumped over it."""
    before_any_zone = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    minutes = (before_any_zone + timedelta(minutes=at) for at in range(50 * 60))
    for at in minutes:
        wall = at.astimezone(zone)
        if wall.date() == day and wall.time() >= wanted:
            gap = timedelta(hours=wall.hour - wanted.hour, minutes=wall.minute - wanted.minute)
            before = (at - timedelta(minutes=1)).astimezone(zone)
            jumped = wall.utcoffset() != before.utcoffset() and gap
            return at + (wall.utcoffset() - before.utcoffset() - gap if jumped else timedelta())  # type: ignore[operator]
    raise AssertionError("the day has no such time")
