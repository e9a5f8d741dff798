"""The demo's calendar. Its story is told around one day, day 0; every date is so many days from it.

The weekly rhythm follows: day 0 is whatever weekday the demo is made on, and a course that met five days ago
meets again in two. The first class of day 0 starts a couple of hours after the demo is made; made late in the
evening, day 0 is tomorrow. Money counts from the real today, so that "overdue by 6 days" is true at once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Bratislava")
AHEAD = timedelta(hours=2)
STEP = timedelta(minutes=30)
EARLIEST, USUAL, LATEST = time(9), time(16, 30), time(20, 30)
EARLY_HOUR = 6
SEASONS = ("Winter", "Spring", "Summer", "Autumn")


@dataclass(frozen=True)
class Days:
    """Instants and dates of the demo, from the instant it is made."""

    now: datetime

    @property
    def today(self) -> date:
        """The provider's calendar day on which the demo is made."""
        return self.now.astimezone(ZONE).date()

    @property
    def zero(self) -> date:
        """The day of the first class to come."""
        too_late = (
            self._couple_of_hours_on().date() > self.today or self._couple_of_hours_on().time() > LATEST
        )
        return self.today + timedelta(days=1) if too_late else self.today

    @property
    def first_class(self) -> time:
        """When Little Waves 2 starts: on the half hour, about two hours on, within a pool's day."""
        soon = self._couple_of_hours_on()
        if self.zero != self.today or self.now.astimezone(ZONE).hour < EARLY_HOUR:
            return USUAL
        return max(EARLIEST, soon.time())

    def day(self, offset: int) -> date:
        """A day of the timetable."""
        return self.zero + timedelta(days=offset)

    def money_day(self, offset: int) -> date:
        """A day of the accounts."""
        return self.today + timedelta(days=offset)

    def at(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """An instant of the accounts' days on the provider's clock; of today, now at the latest."""
        local = datetime.combine(self.money_day(offset), time(hour, minute), tzinfo=ZONE)
        return min(local.astimezone(UTC), self.now) if offset <= 0 else local.astimezone(UTC)

    def weekday(self, offset: int) -> int:
        """Monday 0."""
        return self.day(offset).weekday()

    def month_end(self, offset: int) -> date:
        """The last day of the month which that day is in: until when passes and discounts last."""
        first = self.money_day(offset).replace(day=1)
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def season(self, offset: int) -> str:
        """ "Spring 2026": how a term is called after a day in the middle of it."""
        day = self.day(offset)
        return f"{SEASONS[day.month % 12 // 3]} {day.year}"

    def _couple_of_hours_on(self) -> datetime:
        local = self.now.astimezone(ZONE) + AHEAD
        past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
        return local - past + (STEP if past else timedelta())


def minutes_after(start: time, minutes: int) -> time:
    """The clock so many minutes later (or earlier, when negative) on the same day."""
    return (datetime.combine(date.min + timedelta(days=1), start) + timedelta(minutes=minutes)).time()
