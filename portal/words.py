"""Dates, times and counts in words, in the provider's time zone and language (design guide, section 7)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

Day = date
"""A calendar day; Calendar has a method called date."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(count: int) -> str:
    """Small numbers as words, larger ones as digits: "four", "23"."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def counted(count: int, one: str, many: str) -> str:
    """ "1 session", "4 sessions"."""
    return f"{count} {one if count == 1 else many}"


def ordinal(count: int) -> str:
    """ "1st", "2nd", "3rd", "11th"."""
    teens = 10 < count % 100 < 14
    return f"{count}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def sentence(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(words: list[str]) -> str:
    """ "Mila", "Mila and Theo", "Mila, Theo and Juno"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


@dataclass(frozen=True)
class Calendar:
    """The provider's zone and language: how an instant is told to a family."""

    zone: ZoneInfo
    locale: str = "en_GB"

    def local(self, at: datetime) -> datetime:
        """The instant on the provider's wall clock."""
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> Day:
        """The provider's calendar day of an instant."""
        return self.local(at).date()

    def time(self, at: datetime) -> str:
        """ "16:30"."""
        return format_time(self.local(at), "HH:mm", locale=self.locale)

    def span(self, start: datetime, end: datetime) -> str:
        """ "16:30 to 17:00"."""
        return f"{self.time(start)} to {self.time(end)}"

    def date(self, day: Day, today: Day | None = None) -> str:
        """ "12 March", with the year when it is not today's: "5 December 2025"."""
        pattern = "d MMMM" if today is None or day.year == today.year else "d MMMM y"
        return format_date(day, pattern, locale=self.locale)

    def full_date(self, day: Day) -> str:
        """ "28 January 2026"."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def weekday(self, day: Day) -> str:
        """ "Thursday"."""
        return format_date(day, "EEEE", locale=self.locale)

    def short_weekday(self, day: Day) -> str:
        """ "Thu"."""
        return format_date(day, "EEE", locale=self.locale)

    def month(self, day: Day) -> str:
        """ "March"."""
        return format_date(day, "MMMM", locale=self.locale)

    def month_and_year(self, day: Day) -> str:
        """ "March 2026"."""
        return format_date(day, "LLLL y", locale=self.locale)

    def short_date(self, day: Day, today: Day | None = None) -> str:
        """ "Thu 12 March"."""
        return f"{self.short_weekday(day)} {self.date(day, today)}"

    def long_date(self, day: Day) -> str:
        """ "Thursday 12 March"."""
        return f"{self.weekday(day)} {self.date(day)}"

    def near_day(self, day: Day, today: Day) -> str:
        """ "Today", "Tomorrow", "Yesterday", else the weekday."""
        near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
        return near.get((day - today).days) or self.weekday(day)

    def moment(self, at: datetime, now: datetime) -> str:
        """ "18:00 today", "18:00 tomorrow", "Mon 18:00" within a week, further on "Mon 23 March, 18:00"."""
        day, today, time = self.day(at), self.day(now), self.time(at)
        apart = (day - today).days
        if apart in (0, 1):
            return f"{time} {'tomorrow' if apart else 'today'}"
        return (
            f"{self.short_weekday(day)} {time}" if 1 < apart < 7 else f"{self.short_date(day, today)}, {time}"
        )

    def greeting(self, at: datetime) -> str:
        """ "Good morning" until noon, "Good afternoon" until 18, then "Good evening"."""
        hour = self.local(at).hour
        return "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def calendar(timezone: str, locale: str = "en_GB") -> Calendar:
    """The calendar of a provider; `timezone` is an IANA name."""
    return Calendar(ZoneInfo(timezone), locale)


def days_apart(earlier: date, later: date) -> str:
    """ "1 day", "6 days"."""
    return counted((later - earlier).days, "day", "days")


def countdown(until: timedelta) -> str:
    """ "2 h 20 min", "45 min", "3 days"; whole minutes, rounded up so that it never says 0 before the start."""
    minutes = -(-int(until.total_seconds()) // 60)
    if minutes >= 48 * 60:
        return counted(minutes // (24 * 60), "day", "days")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins, aware, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
