"""The sessions page: what is coming by day, and the history with its counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from sqlmodel import Session

from portal import routes
from portal.actor import Actor
from portal.rows.calendar import AgendaDay
from portal.rows.common import Link, Segment
from portal.rows.sessions import Nothing, PastFilters, PastMonth, SessionsView
from portal.rules.cancellation import in_short, policy_of
from portal.services import calendar_feeds, month_grid, session_words
from portal.services.facts.attendance import PastCounts, PastKind, moments, of_kind, past_counts
from portal.services.facts.sessions import SessionFact, sessions
from portal.services.next_change import next_change
from portal.services.paging import shown
from portal.services.scene import MemberFact, Scene, of_choice, set_scene, whose
from portal.words import sentence

PAGE = 24
"""Rows at first, and more with each "Show"."""
MOST = 480

_WORDS = {
    PastKind.ATTENDED: "attended",
    PastKind.CANCELLED: "cancelled",
    PastKind.MISSED: "missed",
    PastKind.MAKE_UP: "make-ups",
}


@dataclass(frozen=True)
class Asked:
    """What the page's address asks for, made safe."""

    past: bool = False
    kind: PastKind | None = None
    show: int = PAGE
    month: str = ""

    def address(self) -> str:
        """The address that asks for this."""
        kind = self.kind.value if self.kind else ""
        show = self.show if self.show > PAGE else ""
        wanted = {"tab": "past" if self.past else "", "kind": kind, "show": show, "month": self.month}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{routes.SESSIONS}?{query}" if query else routes.SESSIONS


def asked(parameters: Mapping[str, str]) -> Asked:
    """From the query of an address anybody may have typed: what is not understood is left out."""
    kind = parameters.get("kind", "")
    return Asked(
        past=parameters.get("tab") == "past",
        kind=PastKind(kind) if kind in tuple(PastKind) else None,
        show=shown(parameters.get("show", ""), PAGE, MOST),
        month=parameters.get("month", "")[:7],
    )


def read(db: Session, actor: Actor, now: datetime, parameters: Mapping[str, str]) -> SessionsView:
    """Four queries with the scene's one, however many rows there are."""
    scene, wanted = set_scene(db, actor, now), asked(parameters)
    found = _past(db, scene, wanted) if wanted.past else _upcoming(db, scene, wanted)
    return replace(found, calendars=calendar_feeds.cards(db, scene))


def _upcoming(db: Session, scene: Scene, wanted: Asked) -> SessionsView:
    found = sessions(db, scene, ending_after=scene.now, limit=wanted.show + 1)
    coming, first = found[: wanted.show], month_grid.month_of(wanted.month, scene.today)
    days, later = month_grid.week_days(scene), month_grid.next_month(first)
    spans = [
        month_grid.span(scene, first, later),
        month_grid.span(scene, days[0], days[-1] + timedelta(days=1)),
    ]
    pips = month_grid.pips_by_day(scene, moments(db, scene, spans))
    return SessionsView(
        tabs=_tabs(wanted),
        days=_agenda(scene, coming),
        week=month_grid.week(scene, pips, {scene.calendar.day(fact.starts_at) for fact in coming}),
        month=month_grid.month(scene, first, pips),
        earlier=_turn(scene, wanted, month_grid.month_before(first), "Earlier", "chevron-left"),
        later=_turn(scene, wanted, later, "Later", "chevron-right"),
        nothing=tuple(_nothing_coming(member) for member in scene.choices if not of_choice(coming, member)),
        more=_more(wanted, found, "Show later sessions"),
        policy=_policy(scene, coming),
        changes_at=next_change(scene, coming),
    )


def _past(db: Session, scene: Scene, wanted: Asked) -> SessionsView:
    counts = past_counts(db, scene)
    chosen = () if wanted.kind is None else (of_kind(wanted.kind),)
    found = sessions(db, scene, *chosen, ended_by=scene.now, newest_first=True, limit=wanted.show + 1)
    over = found[: wanted.show]
    return SessionsView(
        tabs=_tabs(wanted),
        past=True,
        filters=tuple(_filters(counts, member, wanted) for member in scene.choices),
        months=_by_month(scene, over),
        nothing=tuple(
            _nothing_past(member, wanted) for member in scene.choices if not of_choice(over, member)
        ),
        more=_more(wanted, found, "Show earlier sessions"),
        policy=_policy(scene, over),
    )


def _policy(scene: Scene, found: list[SessionFact]) -> str:
    """Until when to say that one can't come; nothing for whoever may only look."""
    may_act = scene.family or any(fact.attending.may_act for fact in found)
    return in_short(policy_of(scene.provider)) if may_act else ""


def _tabs(wanted: Asked) -> tuple[Segment, ...]:
    return (
        Segment(Asked().address(), "Upcoming", current=not wanted.past),
        Segment(Asked(past=True).address(), "Past", current=wanted.past),
    )


def _agenda(scene: Scene, coming: list[SessionFact]) -> tuple[AgendaDay, ...]:
    by_day = groupby(coming, key=lambda fact: scene.calendar.day(fact.starts_at))
    return tuple(_agenda_day(scene, day, list(facts)) for day, facts in by_day)


def _agenda_day(scene: Scene, day: date, facts: list[SessionFact]) -> AgendaDay:
    """ "Today" with "Thu 12 March", further on "Saturday" with "14 March"."""
    near = (day - scene.today).days in (-1, 0, 1)
    told = scene.calendar.short_date(day) if near else scene.calendar.date(day, scene.today)
    return AgendaDay(
        member=_members(scene, facts),
        id=month_grid.day_id(day),
        name=scene.calendar.near_day(day, scene.today),
        date=told,
        slots=tuple(session_words.slot(scene, fact) for fact in facts),
    )


def _by_month(scene: Scene, found: list[SessionFact]) -> tuple[PastMonth, ...]:
    by_month = groupby(found, key=lambda fact: scene.calendar.day(fact.starts_at).replace(day=1))
    return tuple(_past_month(scene, first, list(facts)) for first, facts in by_month)


def _past_month(scene: Scene, first: date, facts: list[SessionFact]) -> PastMonth:
    this_year = first.year == scene.today.year
    return PastMonth(
        member=_members(scene, facts),
        name=scene.calendar.month(first) if this_year else scene.calendar.month_and_year(first),
        rows=tuple(session_words.past_row(scene, fact) for fact in facts),
    )


def _filters(counts: list[PastCounts], member: MemberFact | None, wanted: Asked) -> PastFilters:
    """Only kinds that occur, and the one that is chosen."""
    theirs = of_choice(counts, member)
    numbers = {kind: sum(count.by_kind[kind] for count in theirs) for kind in PastKind}
    everything = Segment(Asked(past=True).address(), "All", current=wanted.kind is None)
    kinds = (
        Segment(Asked(past=True, kind=kind).address(), sentence(_WORDS[kind]), str(n), kind is wanted.kind)
        for kind, n in numbers.items()
        if n or kind is wanted.kind
    )
    return PastFilters(whose(member), (everything, *kinds))


def _nothing_coming(member: MemberFact | None) -> Nothing:
    title = f"{member.first_name} has nothing coming up" if member else "Nothing is coming up"
    return Nothing(whose(member), title, "Sessions appear here as soon as a class is booked.")


def _nothing_past(member: MemberFact | None, wanted: Asked) -> Nothing:
    name = member.first_name if member else ""
    if wanted.kind is not None:
        of_whom = f" of {name}’s" if name else ""
        return Nothing(
            whose(member), f"None{of_whom} among these", f"There are no {_WORDS[wanted.kind]} to show here."
        )
    title = f"{name} has no past sessions here" if name else "No past sessions yet"
    return Nothing(
        whose(member), title, "After a session you see here whether it was attended, cancelled or missed."
    )


def _turn(scene: Scene, wanted: Asked, first: date, way: str, icon: str) -> Link:
    """The same page with another month beside it."""
    address = replace(wanted, month=f"{first:%Y-%m}").address()
    return Link(address, f"{way} month, {scene.calendar.month_and_year(first)}", icon)


def _more(wanted: Asked, found: list[SessionFact], label: str) -> Link:
    """The same page with more rows, while there are more."""
    if len(found) <= wanted.show or wanted.show >= MOST:
        return Link()
    return Link(Asked(wanted.past, wanted.kind, wanted.show + PAGE, wanted.month).address(), label)


def _members(scene: Scene, facts: list[SessionFact]) -> str:
    """Their public ids, for the member switcher."""
    return " ".join(dict.fromkeys(scene.members[fact.member_id].public_id for fact in facts))
