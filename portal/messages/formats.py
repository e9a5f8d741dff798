"""Dates and money inside messages, in the reader's language and the provider's time zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from portal import money
from portal.messages.texts import language
from portal.words import Day

_BABEL = {"en": "en_GB", "sk": "sk", "cs": "cs", "de": "de"}
_SHORT = {"en": "EEE d MMMM", "sk": "EEE d. MMMM", "cs": "EEE d. MMMM", "de": "EEE, d. MMMM"}
_DATE = {"en": "d MMMM", "sk": "d. MMMM", "cs": "d. MMMM", "de": "d. MMMM"}


@dataclass(frozen=True)
class Spoken:
    """How one reader is told of days, times and amounts."""

    locale: str
    zone: ZoneInfo

    def day(self, at: datetime) -> str:
        """ "Thu 12 March", on the provider's calendar."""
        return self._format(at.astimezone(self.zone).date(), _SHORT)

    def date(self, day: Day, today: Day | None = None) -> str:
        """ "12 March"; with the year where that is another than today's."""
        told = self._format(day, _DATE)
        return told if today is None or day.year == today.year else f"{told} {day.year}"

    def time(self, at: datetime) -> str:
        """ "16:30"."""
        return format_time(at.astimezone(self.zone), "HH:mm", locale=self._babel)

    def moment(self, at: datetime) -> str:
        """ "Thu 12 March, 18:00"."""
        return f"{self.day(at)}, {self.time(at)}"

    def amount(self, amount_minor: int, currency: str) -> str:
        """ "€62.00", "62,00 €"."""
        return money.show(amount_minor, currency, self._babel)

    def _format(self, day: Day, patterns: dict[str, str]) -> str:
        return format_date(day, patterns[language(self.locale)], locale=self._babel)

    @property
    def _babel(self) -> str:
        return _BABEL[language(self.locale)]
