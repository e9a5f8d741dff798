"""What follows a trial, and what comes before one: offers and enquiries.

An offer keeps a place in every session to come of the course it is for, until it is taken or over.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, ScalarSelect, func, select, update
from sqlmodel import Session, col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingStatus,
    Enquiry,
    OfferStatus,
    OpenReason,
    TrialOffer,
)
from portal.models.classes import ClassSession, Course, Programme
from portal.rules.conditions import refuse_unless_all
from portal.rules.pricing import prorated
from portal.rules.trials import Offer, can_decline, can_enrol, can_offer, lasts_until
from portal.services import enrolment, family_orders, holds, offer_notes, place_prices, provider, waiting_list
from portal.services.authority import for_family, provider_only
from portal.services.enrolment import CourseFull
from portal.services.facts.kept_places import course_sessions, kept_for
from portal.services.family_orders import PLACE, Terms
from portal.services.holds import Keeper
from portal.services.storing import store
from portal.services.visibility import of_family


def offer(
    db: Session,
    actor: Actor,
    booking_id: int,
    course_id: int,
    price_minor: int,
    expires_at: datetime,
    now: datetime,
) -> int:
    """A place in a course until an instant, after the trial was attended; the offer's id.

    `price_minor` is for the sessions still to come; discounts that come by themselves are taken off it.
    """
    provider_only(actor)
    holds.lock_course(db, course_id)
    booking = db.get_one(Booking, booking_id)
    slots = enrolment.to_come(db, course_id, now)
    attended, offered = db.execute(select(_attended(booking_id), _offered(booking_id))).one()
    refuse_unless_all(can_offer(attended=attended > 0, offered=offered > 0, sessions_to_come=len(slots)))
    enrolment.take_all(db, course_id, slots)
    made = TrialOffer(
        family_id=booking.family_id,
        booking_id=booking_id,
        course_id=course_id,
        price_minor=price_minor,
        currency=provider.get(db).currency,
        expires_at=expires_at,
        created_at=now,
    )
    made_id = store(db, made)
    holds.keep(db, Keeper(trial_offer_id=made_id), booking.family_id, [slot[0] for slot in slots], now)
    offer_notes.tell_of_trial_offer(db, made, now)
    return made_id


def offer_after(db: Session, session_id: int, now: datetime) -> None:
    """Each trial attended at this session gets its offer, for as many days as the programme or the provider says.

    None where the staff make the offers themselves (no days), and none while the course is full or over.
    """
    settings, zone = provider.get(db), provider.zone(db)
    for booking, course, programme in db.execute(_tried(session_id)).all():
        days = settings.trial_offer_days if programme.trial_offer_days is None else programme.trial_offer_days
        if days and enrolment.to_come(db, course.id, now):
            with suppress(CourseFull):
                until = lasts_until(now, days, zone)
                price = _price(db, course, now)
                offer(db, SYSTEM, booking.id, course.id, price, until, now)


def find(db: Session, actor: Actor, booking: str) -> tuple[TrialOffer, Booking]:
    """The newest offer after this trial of the family, and the trial; NotFound when there is none."""
    found = db.execute(
        select(TrialOffer, Booking)
        .join(Booking, col(Booking.id) == col(TrialOffer.booking_id))
        .where(col(Booking.public_id) == booking, of_family(TrialOffer, actor))
        .order_by(col(TrialOffer.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def as_offer(made: TrialOffer) -> Offer:
    """An offer as its policy sees it."""
    return Offer(OfferStatus(made.status), made.expires_at)


def enrol(db: Session, actor: Actor, booking: str, now: datetime, terms: Terms = PLACE) -> str:
    """Take the offer: the trial is over, the full booking has the places that were kept, and its order is placed.

    The public id of the new booking. Pressed twice, the second press is refused; so is a price above the one shown.
    """
    holds.lock_course(db, find(db, actor, booking)[0].course_id)
    made, trial = find(db, actor, booking)
    to_come = len(enrolment.to_come(db, made.course_id, now))
    refuse_unless_all(can_enrol(as_offer(made), sessions_to_come=to_come, now=now))
    kept = kept_for(db, trial.id or 0, now)
    if kept is None:  # a place without a price is not one for nothing
        raise NotFound
    _end(db, made, trial, OfferStatus.ACCEPTED)
    booked = enrolment.enrol(db, actor, trial.member_id, made.course_id, now)
    full = db.get_one(Booking, booked.booking_id)
    item = place_prices.item(db, kept, full.id)
    family_orders.order(db, actor, full.family_id, item, now, terms)
    return full.public_id


def decline(db: Session, actor: Actor, booking: str, now: datetime) -> None:
    """Give the place up: the trial is over, and the place goes to the line."""
    holds.lock_course(db, find(db, actor, booking)[0].course_id)
    made, trial = find(db, actor, booking)
    refuse_unless_all(can_decline(as_offer(made), now))
    _end(db, made, trial, OfferStatus.DECLINED)
    waiting_list.offer_places(db, made.course_id, now)


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Offers that nobody took are over, and the places they kept go to the line; how many."""
    provider_only(actor)
    over = (col(TrialOffer.status) == OfferStatus.OFFERED, col(TrialOffer.expires_at) <= now)
    courses = db.execute(select(col(TrialOffer.course_id)).where(*over).distinct()).scalars()
    ended = 0
    for course_id in sorted(courses):
        holds.lock_course(db, course_id)
        of_course = select(TrialOffer).where(*over, col(TrialOffer.course_id) == course_id)
        for made in db.execute(of_course.execution_options(populate_existing=True)).scalars().all():
            _end(db, made, db.get_one(Booking, made.booking_id), OfferStatus.EXPIRED)
            ended += 1
        waiting_list.offer_places(db, course_id, now)
    return ended


def enquire(
    db: Session,
    actor: Actor,
    family_id: int,
    programme_id: int,
    text: str,
    now: datetime,
    member_id: int | None = None,
) -> int:
    """A family's question about a programme; its id."""
    for_family(actor, family_id)
    enquiry = Enquiry(
        family_id=family_id,
        guardian_id=actor.guardian_id,
        member_id=member_id,
        programme_id=programme_id,
        text=text.strip(),
        created_at=now,
    )
    return store(db, enquiry)


def _price(db: Session, course: Course, now: datetime) -> int:
    """What the course costs who joins now, before discounts."""
    left, whole = course_sessions(db, course.id or 0, now)
    late = provider.get(db).pay_for_what_is_left
    return prorated(course.price_minor, left, whole) if late else course.price_minor


def _end(db: Session, made: TrialOffer, trial: Booking, status: OfferStatus) -> None:
    """Compare-and-set: of two who answer, one has answered. The trial is over, and what was kept is free again."""
    waiting = (col(TrialOffer.id) == made.id, col(TrialOffer.status) == OfferStatus.OFFERED)
    done = db.execute(update(TrialOffer).where(*waiting).values(status=status))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise NotFound
    trial.status, trial.open_reason = BookingStatus.COMPLETED, ""
    db.flush()
    holds.let_go(db, Keeper(trial_offer_id=made.id))


def _attended(booking_id: int) -> ScalarSelect[int]:
    tried = (
        col(Attendance.booking_id) == booking_id,
        col(Attendance.kind) == AttendanceKind.TRIAL,
        col(Attendance.status) == AttendanceStatus.ATTENDED,
    )
    return select(func.count()).select_from(Attendance).where(*tried).scalar_subquery()


def _offered(booking_id: int) -> ScalarSelect[int]:
    live = col(TrialOffer.status).in_((OfferStatus.OFFERED, OfferStatus.ACCEPTED))
    return (
        select(func.count())
        .select_from(TrialOffer)
        .where(col(TrialOffer.booking_id) == booking_id, live)
        .scalar_subquery()
    )


def _tried(session_id: int) -> Any:
    """Trials attended at this session that still wait for what follows, without an offer so far."""
    offered = select(col(TrialOffer.booking_id))
    return (
        select(Booking, Course, Programme)
        .join(Attendance, col(Attendance.booking_id) == col(Booking.id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .where(
            col(Attendance.session_id) == session_id,
            col(Attendance.kind) == AttendanceKind.TRIAL,
            col(Attendance.status) == AttendanceStatus.ATTENDED,
            col(Booking.open_reason) == OpenReason.TRIAL,
            col(Booking.id).not_in(offered),
        )
        .order_by(col(Booking.id))
    )
