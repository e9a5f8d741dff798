"""Days of a calendar in rows: the week strip and the month grid, one shape for each session of a member."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from babel import Locale

from portal.rows.calendar import CalendarDay, Month, Pip, Week
from portal.services.facts.attendance import Moment
from portal.services.scene import Scene
from portal.words import midnight

Pips = dict[date, tuple[Pip, ...]]


def month_of(text: str, today: date) -> date:
    """The first of the month written as "2026-03"; today's month for anything else."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if abs(asked.year - today.year) <= 10 else today.replace(day=1)


def next_month(first: date) -> date:
    """The first of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    """The first of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def week_days(scene: Scene) -> list[date]:
    """Today's week, from the first weekday of the locale."""
    first = scene.today - timedelta(days=(scene.today.weekday() - _first_weekday(scene)) % 7)
    return [first + timedelta(days=ahead) for ahead in range(7)]


def span(scene: Scene, first: date, until: date) -> tuple[datetime, datetime]:
    """The instants at which the days from `first` up to, not including, `until` begin and end."""
    zone = scene.calendar.zone
    return midnight(first, zone), midnight(until, zone)


def pips_by_day(scene: Scene, moments: Sequence[Moment]) -> Pips:
    """One shape for each member and session, on the provider's calendar day."""
    by_day: dict[date, list[Pip]] = defaultdict(list)
    for moment in moments:
        member = scene.members[moment.member_id]
        pip = Pip(member=member.public_id, tone=member.tone, name=member.first_name)
        by_day[scene.calendar.day(moment.starts_at)].append(pip)
    return {day: tuple(pips) for day, pips in by_day.items()}


def week(scene: Scene, pips: Pips, with_agenda: Collection[date]) -> Week:
    """The strip of phones; a day that has a place in the agenda leads to it."""
    days = (_day(scene, day, pips, day_id(day) if day in with_agenda else "") for day in week_days(scene))
    return Week(tuple(days))


def month(scene: Scene, first: date, pips: Pips) -> Month:
    """The grid of wide screens; days of other months are gaps."""
    weeks = calendar.Calendar(_first_weekday(scene)).monthdatescalendar(first.year, first.month)
    return Month(
        name=scene.calendar.month_and_year(first),
        weekdays=tuple(scene.calendar.short_weekday(day) for day in weeks[0]),
        weeks=tuple(
            Week(tuple(_day(scene, day, pips) if day.month == first.month else CalendarDay() for day in days))
            for days in weeks
        ),
    )


def day_id(day: date) -> str:
    """Where a day stands in the agenda: "day-2026-03-12"."""
    return f"day-{day.isoformat()}"


def _day(scene: Scene, day: date, pips: Pips, anchor: str = "") -> CalendarDay:
    return CalendarDay(
        weekday=scene.calendar.short_weekday(day),
        number=str(day.day),
        href=f"#{anchor}" if anchor else "",
        today=day == scene.today,
        pips=pips.get(day, ()),
    )


def _first_weekday(scene: Scene) -> int:
    """Monday 0, as in the provider's language and country."""
    return int(Locale.parse(scene.calendar.locale).first_week_day)
