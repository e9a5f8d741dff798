"""A demo that is looked at by day, also where its tests run in the evening or at night."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from portal.demo.days import ZONE, Days

AFTERNOON = timedelta(hours=14, minutes=10)
SOON = timedelta(hours=12)
"""The last hours before a session, in which cancelling it gives no make-up: tests look at that too."""


class ByDay(NamedTuple):
    """A demo's data, and the settings of a portal that shows them on the day they were made for."""

    folder: Path
    settings: dict[str, str]


def by_day(now: datetime) -> dict[str, str]:
    """Settings for a portal with the demo as it was on the last afternoon; none where its first class is soon.

    Made in the late evening the demo begins tomorrow, and nothing in it is today.
    """
    days, local = Days(now), now.astimezone(ZONE)
    first = datetime.combine(days.zero, days.first_class, tzinfo=ZONE)
    if days.zero == days.today and first - local < SOON:
        return {}
    day = (local.replace(tzinfo=None) - AFTERNOON).date()
    return {"PORTAL_NOW": (datetime.combine(day, time()) + AFTERNOON).replace(tzinfo=ZONE).isoformat()}
