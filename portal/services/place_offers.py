"""A place that is kept for a family, after a trial or from a waiting list: shown, taken, given up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from portal.rules.pricing import Receipt, Shown
from portal.rules.trials import can_enrol
from portal.rules.waiting_list import can_take
from portal.services import enrolment, place_prices, price_offers, trials, waiting_list
from portal.services.enrolment import Slot
from portal.services.facts.kept_places import KeptPlace, kept_for
from portal.services.family_orders import PLACE, Terms, due_on
from portal.services.order_words import not_taken_off
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
    kept: KeptPlace
    receipt: Receipt


def sheet(db: Session, actor: Actor, booking: str, code: str, now: datetime) -> OfferSheet:
    """The offer behind a trial or a place in a line, less what the voucher `code` takes off.

    Refused with the reason where it cannot be taken, or where the code does not fit.
    """
    scene = set_scene(db, actor, now)
    offered = _offered(db, scene, booking, code)
    total, trial = offered.receipt.total_minor, offered.kept.after_trial
    price = scene.money(total, offered.kept.currency) if total else ""
    until = scene.calendar.short_date(scene.calendar.day(offered.kept.until), scene.today)
    enrols, takes = f"Enrol {offered.name}", "Take the place"
    action = enrols if trial else takes
    return OfferSheet(
        booking=booking,
        title=f"{enrols} in {offered.course.name}?",
        why=f"The place is kept for {offered.name} until {until} at {scene.calendar.time(offered.kept.until)}.",
        facts=(*_facts(scene, offered), *_price(db, scene, offered, price)),
        not_taken_off=not_taken_off((one.offer.label, one.reason) for one in offered.receipt.refused),
        asks_code=bool(offered.kept.unit_minor),
        code=code,
        total_minor=total,
        taken_off=tuple(step.offer.label for step in offered.receipt.taken),
        terms=_terms(offered, price),
        accept=f"{action} for {price}" if price else action,
        decline="No, thanks" if trial else "No, give it to the next in line",
    )


def accept(db: Session, actor: Actor, seen: OfferSheet, now: datetime) -> Answered:
    """Take the place for what the sheet shows or less, never for more; the booking that has it now."""
    found = _booking(db, actor, seen.booking)
    is_trial = found.kind == BookingKind.TRIAL
    terms = _pressed(seen.code, Shown(seen.total_minor, seen.taken_off))
    taken = (trials.enrol if is_trial else waiting_list.accept)(db, actor, seen.booking, now, terms)
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


def _pressed(code: str, seen: Shown | None = None) -> Terms:
    return replace(PLACE, shown=seen, voucher_codes=(code,) if code else ())


def _offered(db: Session, scene: Scene, booking: str, code: str) -> _Offered:
    found = _booking(db, scene.actor, booking)
    is_trial = found.kind == BookingKind.TRIAL
    offer: Any
    offer, _ = (trials.find if is_trial else waiting_list.find)(db, scene.actor, booking)
    slots = enrolment.to_come(db, offer.course_id, scene.now)
    if is_trial:
        refuse_unless_all(can_enrol(trials.as_offer(offer), sessions_to_come=len(slots), now=scene.now))
    else:
        refuse_unless_all(can_take(waiting_list.as_offer(offer), sessions_to_come=len(slots), now=scene.now))
    kept = kept_for(db, found.id or 0, scene.now)
    if kept is None:
        raise NotFound
    receipt = place_prices.quote(db, kept, scene.now, _pressed(code))
    price_offers.refuse_named(receipt)
    of = select(Course, col(Place.name)).join(Place, col(Place.id) == col(Course.place_id))
    course, place = db.execute(of.where(col(Course.id) == offer.course_id)).one()
    return _Offered(scene.members[found.member_id].first_name, course, place, slots, kept, receipt)


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


def _facts(scene: Scene, offered: _Offered) -> tuple[Fact, ...]:
    course, first, last = offered.course, offered.slots[0][2], offered.slots[-1][2]
    room = f", {course.room}" if course.room else ""
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
    )


def _price(db: Session, scene: Scene, offered: _Offered, price: str) -> Iterator[Fact]:
    """The receipt: the full price where anything makes it less, each step, and what is to pay."""
    (line,), currency = offered.receipt.lines, offered.kept.currency
    if line.price_minor < line.line.unit_minor:
        left = f"You pay for {line.line.sessions_left} of {line.line.sessions_all} sessions"
        full = "As offered" if offered.kept.after_trial else "Whole course"
        yield Fact(full, scene.money(line.line.unit_minor, currency), left)
    if offered.receipt.taken:
        yield Fact("Before discounts", scene.money(line.price_minor, currency))
    for step in offered.receipt.taken:
        yield Fact(step.offer.label, scene.money(-step.off_minor, currency))
    due = scene.calendar.date(due_on(db, scene.now), scene.today)
    yield Fact("Price", price or "Nothing to pay", f"To pay by {due}" if price else "", strong=True)


def _terms(offered: _Offered, price: str) -> str:
    """What changes with the press."""
    ordered = bool(offered.kept.unit_minor)
    order = (
        f" We make an order for it, which you find under {'Payments' if price else 'Orders'}."
        if ordered
        else ""
    )
    ends = "The trial is over then, and " if offered.kept.after_trial else ""
    place = f"{offered.name} has a place in every session to come."
    return f"{ends}{place}{order}"
