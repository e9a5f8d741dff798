"""Whether a make-up can be booked, and for which sessions.

The sheet shows the sessions for which every condition holds, the click checks the same list, and "why is there
no make-up option?" is answered from it, rule by rule.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.models.benefits import MakeUpStatus
from portal.rules.ages import Ages
from portal.rules.benefits import make_up_status
from portal.rules.conditions import Condition
from portal.rules.schedule import SATURDAY
from portal.rules.sharing import can_act
from portal.words import midnight

ANY_DAY, WEEKDAYS, WEEKENDS = "any", "weekdays", "weekends"
AT_PLACE = "place"
"""With the place's number behind it."""
UNDONE = "Booking undone"
"""Why a make-up came back that was booked a moment before, in its history."""


@dataclass(frozen=True)
class Terms:
    """What the provider says, or over it the session's programme."""

    closes_hours: int
    """Booking ends so many hours before the start."""
    window_days: int | None
    """A session can be booked from so many days before its day; None: as soon as it is planned."""
    new_course_days: int | None
    """A course that has not begun counts if it begins within so many days; None: always."""


@dataclass(frozen=True)
class Right:
    """A make-up, and whether whoever asks may book it."""

    status: MakeUpStatus
    book_by: date
    may_act: bool


@dataclass(frozen=True)
class Target:
    """One session, as a member with a make-up finds it. Instants are aware, days are the provider's."""

    name: str
    """The member's."""
    birth_date: date | None
    scheduled: bool
    starts_at: datetime
    day: date
    suits: bool
    """It is of the make-up's programme, or of its group."""
    ages: Ages
    there: bool
    """The member has a place in it."""
    given_up: bool
    """The member had one, and gave it up."""
    busy: bool
    """The member is at another session at that time."""
    course_starts_on: date
    free: int
    """Places that a make-up can take."""
    terms: Terms


def can_use(right: Right, today: date) -> list[Condition]:
    """What must hold of the make-up itself."""
    stands = make_up_status(right.status, right.book_by, today)
    return [
        *can_act(through_share=True, share_can_act=right.may_act),
        Condition("makeup.expired", stands is not MakeUpStatus.EXPIRED),
        Condition("makeup.not_available", stands in (MakeUpStatus.AVAILABLE, MakeUpStatus.EXPIRED)),
    ]


def can_attend(it: Target, now: datetime, zone: ZoneInfo) -> list[Condition]:
    """What must hold of the session; the free place stands last, for it is all that waiting can change."""
    return [
        Condition("makeup.other_programme", it.suits),
        Condition("makeup.called_off", it.scheduled),
        Condition("makeup.started", now < it.starts_at),
        Condition("makeup.too_young", it.ages.old_enough(it.birth_date, it.day), values={"name": it.name}),
        Condition("makeup.too_old", it.ages.young_enough(it.birth_date, it.day), values={"name": it.name}),
        Condition("makeup.already_there", not it.there, values={"name": it.name}),
        Condition("makeup.given_up", not it.given_up, values={"name": it.name}),
        Condition("makeup.busy", not it.busy, values={"name": it.name}),
        *_in_its_time(it, now, zone),
        Condition("makeup.no_place", it.free > 0),
    ]


def closes_at(it: Target) -> datetime:
    """From then on it is too close to its start."""
    return it.starts_at - timedelta(hours=it.terms.closes_hours)


def wants(wanted: str, day: date, place_id: int) -> bool:
    """Whether a filter of the sheet lets this session through; one that is not known lets all."""
    if wanted.startswith(AT_PLACE):
        return wanted == f"{AT_PLACE}{place_id}"
    weekend = day.weekday() >= SATURDAY
    return {WEEKDAYS: not weekend, WEEKENDS: weekend}.get(wanted, True)


def _in_its_time(it: Target, now: datetime, zone: ZoneInfo) -> list[Condition]:
    today = now.astimezone(zone).date()
    opens_on = it.day - timedelta(days=it.terms.window_days or 0)
    begins = it.course_starts_on
    counts_from = begins - timedelta(days=it.terms.new_course_days or 0)
    return [
        Condition("makeup.too_close", now < closes_at(it), values={"count": it.terms.closes_hours}),
        Condition(
            "makeup.too_far",
            it.terms.window_days is None or today >= opens_on,
            values={"count": it.terms.window_days},
            holds_from=midnight(opens_on, zone),
        ),
        Condition(
            "makeup.course_not_begun",
            it.terms.new_course_days is None or today >= counts_from,
            holds_from=midnight(counts_from, zone),
        ),
    ]
