"""The hours in which no message is sent: what can wait, waits for the morning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(at: datetime, zone: ZoneInfo, from_hour: int, until_hour: int) -> bool:
    """Half-open, on the provider's wall clock, also over midnight; equal hours mean no quiet at all."""
    hour = at.astimezone(zone).hour
    if from_hour <= until_hour:
        return from_hour <= hour < until_hour
    return hour >= from_hour or hour < until_hour


def not_before(at: datetime, zone: ZoneInfo, from_hour: int, until_hour: int) -> datetime:
    """`at` itself, or the end of the quiet hours it falls into; aware, in UTC."""
    if not is_quiet(at, zone, from_hour, until_hour):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.hour >= until_hour)
    return datetime.combine(day, time(until_hour), tzinfo=zone).astimezone(UTC)
