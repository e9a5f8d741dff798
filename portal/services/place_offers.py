"""A place that is kept for a family, after a trial or from a waiting list: shown, taken, given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.bookings import Booking, BookingKind
from portal.models.classes import Course, Place
from portal.rows.common import Fact
from portal.rows.offers import Answered, OfferSheet
from portal.rules.conditions import refuse_unless_all
from portal.rules.trials import can_enrol
from portal.rules.waiting_list import can_take
from portal.services import enrolment, trials, waiting_list
from portal.services.enrolment import Slot
from portal.services.family_orders import due_on
from portal.services.scene import Scene, set_scene
from portal.services.visibility import of_family
from portal.words import counted


@dataclass(frozen=True)
class _Offered:
    """One open offer, whichever kind it is of."""

    name: str
    course: Course
    place: str
    slots: list[Slot]
    price_minor: int
    currency: str
    until: datetime
    trial: bool


def sheet(db: Session, actor: Actor, booking: str, now: datetime) -> OfferSheet:
    """The offer behind a trial or a place in a line; refused with the reason where it cannot be taken."""
    scene = set_scene(db, actor, now)
    offered = _offered(db, scene, booking)
    price = scene.money(offered.price_minor, offered.currency) if offered.price_minor else ""
    until = scene.calendar.short_date(scene.calendar.day(offered.until), scene.today)
    enrols, takes = f"Enrol {offered.name}", "Take the place"
    action = enrols if offered.trial else takes
    return OfferSheet(
        booking=booking,
        title=f"{enrols} in {offered.course.name}?",
        why=f"The place is kept for {offered.name} until {until} at {scene.calendar.time(offered.until)}.",
        facts=_facts(db, scene, offered, price),
        terms=_terms(offered, price),
        accept=f"{action} for {price}" if price else action,
        decline="No, thanks" if offered.trial else "No, give it to the next in line",
    )


def accept(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """Take the place; the booking that has it now."""
    found = _booking(db, actor, booking)
    is_trial = found.kind == BookingKind.TRIAL
    taken = (trials.enrol if is_trial else waiting_list.accept)(db, actor, booking, now)
    name, course = _named(db, actor, taken, now)
    return Answered(taken, f"{name} is enrolled in {course}.")


def decline(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """Give the place up, after a trial or from a line."""
    if _booking(db, actor, booking).kind == BookingKind.TRIAL:
        trials.decline(db, actor, booking, now)
        offered = db.get_one(Course, trials.find(db, actor, booking)[0].course_id)
        return Answered(booking, f"The place in {offered.name} is no longer kept.")
    waiting_list.decline(db, actor, booking, now)
    name, course = _named(db, actor, booking, now)
    return Answered(booking, f"{name} no longer waits for {course}.")


def _offered(db: Session, scene: Scene, booking: str) -> _Offered:
    found = _booking(db, scene.actor, booking)
    is_trial = found.kind == BookingKind.TRIAL
    kept: Any
    kept, _ = (trials.find if is_trial else waiting_list.find)(db, scene.actor, booking)
    slots = enrolment.to_come(db, kept.course_id, scene.now)
    of = select(Course, col(Place.name)).join(Place, col(Place.id) == col(Course.place_id))
    course, place = db.execute(of.where(col(Course.id) == kept.course_id)).one()
    if is_trial:
        refuse_unless_all(can_enrol(trials.as_offer(kept), sessions_to_come=len(slots), now=scene.now))
    else:
        refuse_unless_all(can_take(waiting_list.as_offer(kept), sessions_to_come=len(slots), now=scene.now))
    name = scene.members[found.member_id].first_name
    price = kept.price_minor if is_trial else course.price_minor
    until = kept.expires_at if is_trial else kept.offer_expires_at
    return _Offered(name, course, place, slots, price, course.currency, until, is_trial)


def _booking(db: Session, actor: Actor, public_id: str) -> Booking:
    theirs = select(Booking).where(col(Booking.public_id) == public_id, of_family(Booking, actor))
    found = db.execute(theirs).scalar()
    if found is None:
        raise NotFound
    return found


def _named(db: Session, actor: Actor, booking: str, now: datetime) -> tuple[str, str]:
    found = _booking(db, actor, booking)
    member = set_scene(db, actor, now).members[found.member_id]
    return member.first_name, db.get_one(Course, found.course_id).name


def _facts(db: Session, scene: Scene, offered: _Offered, price: str) -> tuple[Fact, ...]:
    course, first, last = offered.course, offered.slots[0][2], offered.slots[-1][2]
    room = f", {course.room}" if course.room else ""
    due = scene.calendar.date(due_on(db, scene.now), scene.today)
    return (
        Fact(
            "When",
            f"{scene.calendar.weekday(first)}s, {course.starts_local:%H:%M} to {course.ends_local:%H:%M}",
        ),
        Fact("Where", f"{offered.place}{room}"),
        Fact("First session", scene.calendar.short_date(first, scene.today)),
        Fact(
            "To come",
            f"{counted(len(offered.slots), 'session', 'sessions')}, "
            f"the last on {scene.calendar.date(last, scene.today)}",
        ),
        Fact("Price", price or "Nothing to pay", f"To pay by {due}" if price else "", strong=True),
    )


def _terms(offered: _Offered, price: str) -> str:
    """What changes with the press."""
    order = " We make an order for it, which you find under Payments." if price else ""
    ends = "The trial is over then, and " if offered.trial else ""
    place = f"{offered.name} has a place in every session to come."
    return f"{ends}{place}{order}"
