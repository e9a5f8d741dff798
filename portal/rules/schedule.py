"""Dates of recurring sessions. What recurs is the local time; the instant follows the zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True)
class Meeting:
    """One dated meeting; aware UTC instants, `starts_at` before `ends_at`."""

    starts_at: datetime
    ends_at: datetime


def weekly(first: date, last: date, weekday: int, days_off: Collection[date] = ()) -> list[date]:
    """Every such weekday (Monday 0) from `first` to `last`, both included, without days off."""
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [day for day in _every(start, last, 7) if day not in days_off]


def working_days(first: date, last: date, days_off: Collection[date] = ()) -> list[date]:
    """Monday to Friday from `first` to `last`, both included, without days off: a camp."""
    return [day for day in _every(first, last, 1) if day.weekday() < SATURDAY and day not in days_off]


def meeting(day: date, starts_local: time, ends_local: time, zone: ZoneInfo) -> Meeting:
    """A meeting keeps its local start and its length, over every change of the clocks.

    A time that the clocks skip moves on by what they skip; of a time that comes twice, the first is meant.
    """
    start = datetime.combine(day, starts_local, tzinfo=zone).astimezone(UTC)
    return Meeting(start, start + length(starts_local, ends_local))


def length(starts_local: time, ends_local: time) -> timedelta:
    """How long a meeting lasts; not positive when the end is not after the start."""
    return datetime.combine(date.min, ends_local) - datetime.combine(date.min, starts_local)


def _every(first: date, last: date, step: int) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(0, (last - first).days + 1, step)]
