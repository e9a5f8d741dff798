"""The sheet in which a session is chosen for a make-up: those with a place, else why there is none."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import MakeUp
from portal.models.bookings import Booking, OfferStatus
from portal.rows.choosing import Choice, ChoiceDay
from portal.rows.common import Chip
from portal.rows.make_ups import MakeUpFilter, MakeUpSheet
from portal.rules.conditions import refuse_unless_all
from portal.rules.make_ups import ANY_DAY, AT_PLACE, WEEKDAYS, WEEKENDS, wants
from portal.services import make_up_choices, make_up_sightings, make_up_words
from portal.services.facts.benefits import MakeUpFact, make_ups
from portal.services.make_up_choices import Judged, Openings
from portal.services.scene import Scene, set_scene
from portal.words import counted

SHOWN = 40
"""Sessions at a time, the soonest first: what is further away can wait, or is found by a filter."""


def sheet(db: Session, actor: Actor, make_up: str, wanted: str, session: str, now: datetime) -> MakeUpSheet:
    """Four queries. `wanted` is a filter, `session` the choice so far; refused where the make-up cannot be booked."""
    scene = set_scene(db, actor, now)
    asked = make_up_choices.asked_for(db, actor, make_up, now)
    refuse_unless_all(asked.conditions)
    fact = _fact(db, scene, asked.make_up)
    judged = make_up_choices.judged(db, now, col(Booking.id) == asked.make_up.booking_id)
    found = [one for one in judged if one.refused is None]
    if found:
        make_up_sightings.shown.add(fact.id)
    filters = _filters(found, wanted)
    shown = [one for one in found if wants(wanted, one.fact.day, one.fact.place_id)][:SHOWN]
    picked = next((one for one in shown if one.fact.public_id == session), None)
    waits = fact.wait_status is OfferStatus.WAITING
    name = scene.members[fact.member_id].first_name
    return MakeUpSheet(
        make_up=make_up,
        title=f"Choose a make-up for {name}",
        why=_why(scene, fact),
        filters=filters,
        days=_days(scene, shown, picked),
        nothing="" if shown else _nothing(scene, name, judged, filters, wanted),
        waiting="We tell you as soon as a place opens." if waits else "",
        note=f"We show only sessions at {name}’s level with a free place." if shown else "",
        wanted=wanted,
        session=picked.fact.public_id if picked else "",
        button=f"Book {_when(scene, picked)}" if picked else "",
        wait="" if shown or waits else make_up_words.TELL_ME,
        stop="Stop waiting" if waits else "",
    )


def openings_of(db: Session, scene: Scene, waiting: Sequence[MakeUpFact]) -> dict[int, Openings]:
    """What each of these make-ups could be booked for now, by its booking; one query, or none without make-ups."""
    ids = {fact.booking_id for fact in waiting}
    if not ids:
        return {}
    judged = make_up_choices.judged(db, scene.now, col(Booking.id).in_(ids))
    return {
        booking_id: make_up_choices.openings([one for one in judged if one.fact.booking_id == booking_id])
        for booking_id in ids
    }


def _fact(db: Session, scene: Scene, make_up: MakeUp) -> MakeUpFact:
    of_booking = make_ups(db, scene, make_up.booking_id)
    found = next((one for one in of_booking if one.id == make_up.id), None)
    if found is None:
        raise NotFound
    return found


def _why(scene: Scene, fact: MakeUpFact) -> str:
    """ "Instead of Little Waves 2 on Thu 26 February. Book it by 30 April."."""
    by = f"Book it by {scene.calendar.date(fact.book_by, scene.today)}."
    if fact.missed_at is None:
        return f"For {fact.title}. {by}"
    day = scene.calendar.short_date(scene.calendar.day(fact.missed_at), scene.today)
    return f"Instead of {fact.title} on {day}. {by}"


def _filters(found: Sequence[Judged], wanted: str) -> tuple[MakeUpFilter, ...]:
    """Days always, places where there are several to choose from; none while there is nothing to choose."""
    if not found:
        return ()
    places = {one.fact.place_id: one.fact.place for one in found}
    known = [(ANY_DAY, "Any day"), (WEEKDAYS, "Weekdays"), (WEEKENDS, "Weekends")]
    if len(places) > 1:
        known += [(f"{AT_PLACE}{place_id}", name) for place_id, name in places.items()]
    return tuple(MakeUpFilter(key, label, key == wanted) for key, label in known)


def _days(scene: Scene, shown: Sequence[Judged], picked: Judged | None) -> tuple[ChoiceDay, ...]:
    days = groupby(shown, key=lambda one: one.fact.day)
    return tuple(
        ChoiceDay(scene.calendar.long_date(day), tuple(_choice(scene, one, one is picked) for one in of_day))
        for day, of_day in days
    )


def _choice(scene: Scene, one: Judged, chosen: bool) -> Choice:
    fact, free = one.fact, one.fact.target.free
    return Choice(
        id=fact.public_id,
        time=scene.calendar.span(fact.starts_at, fact.ends_at),
        place=", ".join(part for part in (fact.place, fact.room, fact.instructor) if part),
        chip=Chip("warn", "user-round", "1 place left", bare=True)
        if free == 1
        else Chip("", "users", counted(free, "place", "places"), bare=True),
        chosen=chosen,
    )


def _nothing(
    scene: Scene, name: str, judged: Sequence[Judged], filters: Sequence[MakeUpFilter], wanted: str
) -> str:
    """With a filter, that the others have some; else why none can be booked."""
    chosen = next((one.label for one in filters if one.id == wanted and wanted != ANY_DAY), "")
    if chosen:
        where = "there" if wanted.startswith(AT_PLACE) else f"on {chosen.lower()}"
        return f"No session {where} has room just now. Other days have."
    return make_up_words.nothing(scene, name, make_up_choices.openings(judged).refused)


def _when(scene: Scene, one: Judged) -> str:
    return (
        f"{scene.calendar.short_date(one.fact.day, scene.today)}, {scene.calendar.time(one.fact.starts_at)}"
    )
