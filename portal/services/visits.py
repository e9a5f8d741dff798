"""The sheet of a visit: open sessions of a drop-in programme, who comes, and what pays for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby

from sqlmodel import Session

from portal import i18n
from portal.actor import Actor
from portal.errors import NotFound
from portal.models.classes import PassRule
from portal.rows.choosing import Choice, ChoiceDay
from portal.rows.common import Chip
from portal.rows.visits import VisitMember, VisitSheet
from portal.rules.conditions import Condition, first_unmet
from portal.rules.passes import PassTerms, Visit, Visitor, can_be_billed, can_visit, pass_for, why_no_pass
from portal.services.drop_ins import BILLED, open_session
from portal.services.facts.drop_ins import OpenVisit, OwnPass, about, going, open_visits, own_passes
from portal.services.family_orders import due_on
from portal.services.scene import MemberFact, Scene, set_scene
from portal.words import counted

NOTHING_OPEN = "There is no open session in the next four weeks. New ones appear here by themselves."


@dataclass(frozen=True)
class _Way:
    """How a visit of the chosen member would be paid, or why it cannot be made."""

    visit: OpenVisit
    pass_: OwnPass | None
    refused: Condition | None
    pass_refused: bool
    """It is a pass that is wanting, not a place."""

    @property
    def by(self) -> str:
        """What the click says."""
        return self.pass_.terms.id if self.pass_ is not None else BILLED

    @property
    def price_minor(self) -> int:
        """What is to pay for it."""
        return 0 if self.pass_ is not None else self.visit.programme.unit_price_minor or 0


def sheet(
    db: Session, actor: Actor, opened_from: str, member: str, session: str, now: datetime
) -> VisitSheet:
    """Six queries. `opened_from` is a programme, a booking or a pass; `member` and `session` the choice so far."""
    scene = set_scene(db, actor, now)
    of = about(db, scene, opened_from)
    visits = open_visits(db, scene, of)
    passes, there = own_passes(db, scene), going(db, scene, visits)
    people = _people(scene, of.member_id if _is_pass(passes, opened_from) else None)

    def ways_of(who: MemberFact) -> list[_Way]:
        return [_way(scene, one, who, passes, (who.id, one.session.id) in there) for one in visits]

    chosen = _chosen(people, member, of.member_id, ways_of)
    ways = ways_of(chosen)
    picked = next((way for way in ways if way.visit.session.public_id == session and not way.refused), None)
    return VisitSheet(
        about=opened_from,
        title=_title(visits, passes, opened_from),
        why="Choose who comes, and when." if len(people) > 1 else f"Choose when {chosen.first_name} comes.",
        members=_members(people, chosen) if len(people) > 1 else (),
        days=_days(scene, ways, picked),
        notice=_notice(ways),
        member=chosen.public_id,
        session=picked.visit.session.public_id if picked else "",
        by=picked.by if picked else "",
        price_minor=picked.price_minor if picked else 0,
        terms=_terms(db, scene, picked) if picked else "",
        button=_button(scene, picked) if picked else "",
    )


def _is_pass(passes: list[OwnPass], public_id: str) -> bool:
    return any(one.terms.id == public_id for one in passes)


def _people(scene: Scene, only: int | None) -> list[MemberFact]:
    """The family's members; of a pass that belongs to one, that one."""
    found = [one for one in scene.family if only in (None, one.id)]
    if not found:
        raise NotFound
    return found


def _chosen(
    people: list[MemberFact], asked: str, usually: int | None, ways_of: Callable[[MemberFact], list[_Way]]
) -> MemberFact:
    """Who was chosen, else whose booking it was opened from, else the first who may come, else the first."""
    said = (one for one in people if one.public_id == asked)
    usual = (one for one in people if one.id == usually)
    able = (one for one in people if not all(way.refused for way in ways_of(one)))
    return next(chain(said, usual, able, people))


def _way(scene: Scene, one: OpenVisit, member: MemberFact, passes: list[OwnPass], there: bool) -> _Way:
    day = scene.calendar.day(one.session.starts_at)
    visit, shared = Visit(member.id, one.programme.id or 0, day), scene.provider.shared_passes
    visitor = Visitor(member.first_name, member.birth_date, there)
    refused = first_unmet(can_visit(open_session(one.session, one.programme, day), visitor, scene.now))
    terms = pass_for([own.terms for own in passes], visit, shared=shared)
    pays = next((own for own in passes if own.terms is terms), None)
    if refused is not None or pays is not None:
        return _Way(one, pays, refused, pass_refused=False)
    billed = one.programme.pass_rule == PassRule.BILLED
    unbilled = first_unmet(can_be_billed(one.programme.unit_price_minor, billed=billed))
    if unbilled is None:
        return _Way(one, None, None, pass_refused=False)
    return _Way(one, None, _why(passes, visit, shared=shared) or unbilled, pass_refused=True)


def _why(passes: list[OwnPass], visit: Visit, *, shared: bool) -> Condition | None:
    theirs: list[PassTerms] = [
        own.terms
        for own in passes
        if own.terms.member_id in (None, visit.member_id)
        and own.terms.programme_id in (None, visit.programme_id)
    ]
    return why_no_pass(theirs, visit, shared=shared)


def _title(visits: list[OpenVisit], passes: list[OwnPass], opened_from: str) -> str:
    """ "Come to Open Swim"; of several programmes, the pass that opens them."""
    names = list(dict.fromkeys(one.title for one in visits))
    named = next((own.name for own in passes if own.terms.id == opened_from), "")
    if len(names) == 1:
        return f"Come to {names[0]}"
    return f"Use {named}" if named else "Come to a session"


def _members(people: list[MemberFact], chosen: MemberFact) -> tuple[VisitMember, ...]:
    return tuple(VisitMember(one.public_id, one.first_name, one.face, one is chosen) for one in people)


def _days(scene: Scene, ways: list[_Way], picked: _Way | None) -> tuple[ChoiceDay, ...]:
    days = groupby(ways, key=lambda way: scene.calendar.day(way.visit.session.starts_at))
    return tuple(
        ChoiceDay(scene.calendar.long_date(day), tuple(_choice(scene, way, way is picked) for way in of_day))
        for day, of_day in days
    )


def _choice(scene: Scene, way: _Way, chosen: bool) -> Choice:
    session = way.visit.session
    room = f", {session.room}" if session.room else ""
    return Choice(
        id=session.public_id,
        time=scene.calendar.span(session.starts_at, session.ends_at),
        place=f"{way.visit.title}, {way.visit.place}{room}",
        chip=_places(session.capacity - session.taken),
        pays="" if way.refused else _pays(scene, way),
        reason=_said(way.refused) if way.refused else "",
        chosen=chosen,
    )


def _places(free: int) -> Chip:
    if free <= 0:
        return Chip("", "users", "Full", bare=True)
    return Chip("warn" if free == 1 else "", "users", counted(free, "place left", "places"), bare=True)


def _pays(scene: Scene, way: _Way) -> str:
    """ "1 entry of Open Swim pass", "With Studio practice", "€9.00"."""
    if way.pass_ is not None:
        counts = way.pass_.terms.entries_left is not None
        return f"1 entry of {way.pass_.name}" if counts else f"With {way.pass_.name}"
    return scene.money(way.price_minor)


def _terms(db: Session, scene: Scene, way: _Way) -> str:
    """What the press will do, before it is pressed."""
    if way.pass_ is None:
        by = scene.calendar.date(due_on(db, scene.now), scene.today)
        return f"{_pays(scene, way)}, to pay by {by}. Cancel in time and it need not be paid."
    left = way.pass_.terms.entries_left
    if left is None:
        return f"{way.pass_.name} opens it; nothing is counted."
    after = (
        f"{counted(left - 1, 'entry is', 'entries are')} left after it" if left > 1 else "It is the last one"
    )
    return f"One entry of {way.pass_.name}. {after}. Cancel in time and it comes back."


def _button(scene: Scene, way: _Way) -> str:
    """ "Book Sat 14 March, 11:00", with the price where there is one to pay."""
    at = way.visit.session.starts_at
    when = f"{scene.calendar.short_date(scene.calendar.day(at), scene.today)}, {scene.calendar.time(at)}"
    return f"Book {when}" if way.pass_ is not None else f"Book {when} for {_pays(scene, way)}"


def _notice(ways: list[_Way]) -> str:
    """Why there is nothing to choose: no session, no pass for any of them, or the same reason for all."""
    if not ways:
        return NOTHING_OPEN
    refused = [way.refused for way in ways if way.refused]
    if len(refused) < len(ways):
        return ""
    wanting = [way.refused for way in ways if way.pass_refused and way.refused]
    same = len({one.message_key for one in refused}) == 1
    return _said((wanting or refused)[0]) if wanting or same else ""


def _said(condition: Condition) -> str:
    return i18n.say(condition.message_key, condition.values)
