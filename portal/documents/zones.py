"""Time zones as calendars carry them: VTIMEZONE made from the same zone data the portal reckons with.

One observance for each change of the clocks in the years asked for; its DTSTART is told in the offset that the change
ends (RFC 5545, 3.6.5).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_NO_TIME = timedelta()


@lru_cache(maxsize=64)
def vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The zone of this IANA name from the first year to the end of the last. Shared: never to be changed."""
    zone = ZoneInfo(name)
    begins, ends = datetime(first_year, 1, 1, tzinfo=zone), datetime(last_year + 1, 1, 1, tzinfo=zone)
    made = Timezone()
    made.add("tzid", name)
    made.add_component(_observance(begins.replace(tzinfo=None), begins, _offset(begins)))
    for change in _changes(begins.astimezone(UTC), ends.astimezone(UTC), zone):
        before = _offset((change - _SECOND).astimezone(zone))
        onset = (change + before).replace(tzinfo=None)
        made.add_component(_observance(onset, change.astimezone(zone), before))
    return made


def _observance(onset: datetime, after: datetime, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """`onset` on the clocks as they went until then, `after` the instant as they go from then on."""
    made = TimezoneDaylight() if after.dst() else TimezoneStandard()
    made.add("dtstart", onset)
    made.add("tzname", after.tzname() or "")
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", _offset(after))
    return made


def _changes(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Every instant (UTC) at which the offset or its name becomes another one."""
    at = begins
    while at < ends:
        following = at + _DAY
        if _clock(at, zone) != _clock(following, zone):
            yield _between(at, following, zone)
        at = following


def _between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second that is not like `before`."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _clock(middle, zone) == _clock(before, zone):
            before = middle
        else:
            after = middle
    return after


def _clock(at: datetime, zone: ZoneInfo) -> tuple[timedelta, str]:
    local = at.astimezone(zone)
    return _offset(local), local.tzname() or ""


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or _NO_TIME
