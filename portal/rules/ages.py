"""Whether somebody is of the age a programme is for: in completed months, on the day of the session.

A programme without a limit is for all, and whoever's birthday the provider does not know is let in.
"""

from dataclasses import dataclass
from datetime import date

MONTHS = 12


@dataclass(frozen=True)
class Ages:
    """From so many completed months to so many, both included; None is no limit."""

    youngest: int | None = None
    oldest: int | None = None

    def old_enough(self, born: date | None, day: date) -> bool:
        """From the day on which the months are completed."""
        return born is None or self.youngest is None or months_old(born, day) >= self.youngest

    def young_enough(self, born: date | None, day: date) -> bool:
        """Until the day before one month more is completed."""
        return born is None or self.oldest is None or months_old(born, day) <= self.oldest


def months_old(born: date, day: date) -> int:
    """Completed months; who is born on the 31st completes one on the first day after a shorter month."""
    months = (day.year - born.year) * MONTHS + day.month - born.month
    return months - (day.day < born.day)
