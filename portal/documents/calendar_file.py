"""Sessions as an iCalendar file (RFC 5545, 7986): for the strictest reader, the same bytes for the same sessions."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vDuration, vText, vUri

from portal.documents.zones import vtimezone

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Family Portal//Sessions//EN"
_LOOK_AGAIN = timedelta(hours=1)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One session of one member, ready to be told; instants aware, `zone` the IANA name of where it is."""

    uid: str
    sequence: int
    """Higher after every change."""
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    livestream: str = ""
    cancelled: bool = False
    tentative: bool = False
    """Not confirmed yet."""


@dataclass(frozen=True)
class Subscription:
    """What a calendar that is looked at again and again says beside its sessions."""

    name: str
    zone: str
    since: datetime
    alarm: timedelta | None = None
    """So long before the start a reminder rings."""


def feed(entries: Sequence[Entry], of: Subscription) -> bytes:
    """The whole calendar. Its bytes depend on nothing but what is given."""
    # Its own zone stands in it also while there is no session: a calendar holds at least something.
    made = _calendar({of.zone, *(entry.zone for entry in entries)}, [of.since, *_instants(entries)])
    made.add("name", _plain(of.name))
    made.add("x-wr-calname", _plain(of.name))
    made.add("x-wr-timezone", of.zone)
    made.add("refresh-interval", vDuration(_LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(_LOOK_AGAIN))
    for entry in entries:
        made.add_component(_event(entry, of.alarm))
    return made.to_ical()


def to_keep(entries: Sequence[Entry]) -> bytes:
    """A file of one or several sessions, to open once; the calendar that takes it keeps a copy."""
    made = _calendar({entry.zone for entry in entries}, _instants(entries))
    made.add("method", "PUBLISH")
    for entry in entries:
        made.add_component(_event(entry, None))
    return made.to_ical()


def _calendar(zones: Set[str], instants: Sequence[datetime]) -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    years = sorted(at.year for at in instants)
    for zone in sorted(zones):
        # A year to each side: the local year of an instant may be another one.
        made.add_component(vtimezone(zone, years[0] - 1, years[-1] + 1))
    return made


def _instants(entries: Sequence[Entry]) -> list[datetime]:
    return [at for entry in entries for at in (entry.starts_at, entry.ends_at)]


def _event(entry: Entry, alarm: timedelta | None) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("dtstamp", entry.revised_at.astimezone(UTC))
    made.add("last-modified", entry.revised_at.astimezone(UTC))
    made.add("sequence", entry.sequence)
    made.add("dtstart", _local(entry.starts_at, entry.zone))
    made.add("dtend", _local(entry.ends_at, entry.zone))
    made.add("summary", _plain(entry.summary))
    made.add("status", _status(entry))
    made.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    for name, words in (("location", entry.location), ("description", entry.description)):
        if words:
            made.add(name, _plain(words))
    if entry.url:
        made.add("url", vUri(entry.url))
    if entry.livestream:
        parameters = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Livestream"}
        made.add("conference", vUri(entry.livestream), parameters=parameters)
    if alarm is not None and not entry.cancelled:
        made.add_component(_alarm(entry, alarm))
    return made


def _alarm(entry: Entry, before: timedelta) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("trigger", -before)
    made.add("description", _plain(entry.summary))
    return made


def _status(entry: Entry) -> str:
    if entry.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.tentative else "CONFIRMED"


def _local(at: datetime, zone: str) -> datetime:
    """On the clock of the place; in UTC where that clock shows the same time twice, for a file knows only the first."""
    local = at.astimezone(ZoneInfo(zone))
    return at.astimezone(UTC) if local.fold else local


def _plain(words: str) -> vText:
    """Text without what no calendar may hold."""
    return vText(_CONTROL.sub(" ", words))
