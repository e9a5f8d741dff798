"""What a family is written when a place is kept for it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal import routes
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.benefits import MakeUp
from portal.models.bookings import Booking, TrialOffer, WaitingListEntry
from portal.models.classes import ClassSession, Course, Place
from portal.models.offers import MakeUpWait
from portal.models.people import Member
from portal.services import notify, place_prices, provider
from portal.services.facts.kept_places import kept_for


def tell_of_trial_offer(db: Session, made: TrialOffer, now: datetime) -> None:
    """Once for each offer."""
    booking, values = _about(db, made.booking_id)
    zone, price = provider.zone(db), _costs(db, made.booking_id, now)

    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        told = {**values, "price": said.amount(price, made.currency), "until": said.moment(made.expires_at)}
        return Note(Kind.TRIAL_OFFER, routes.booking(booking), told, f"trial_offer:{made.public_id}")

    notify.tell_family(db, made.family_id, telling, now, f"trial_offer:{made.public_id}")


def tell_of_free_place(db: Session, entry: WaitingListEntry, now: datetime) -> None:
    """Once for each place that is kept."""
    booking, values = _about(db, entry.booking_id)
    zone, until = provider.zone(db), entry.offer_expires_at or now
    price, currency = _costs(db, entry.booking_id, now), provider.get(db).currency

    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        told = {**values, "price": said.amount(price, currency) if price else "", "until": said.moment(until)}
        return Note(Kind.WAITING_LIST_OFFER, routes.booking(booking), told, f"waiting:{entry.public_id}")

    notify.tell_family(db, entry.family_id, telling, now, f"waiting:{entry.public_id}")


def tell_of_make_up_place(db: Session, wait: MakeUpWait, now: datetime) -> None:
    """Once for each place that is kept for a make-up."""
    make_up = db.get_one(MakeUp, wait.make_up_id)
    _, values = _about(db, make_up.booking_id)
    session, course, place = db.execute(
        select(ClassSession, col(Course.name), col(Place.name))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .where(col(ClassSession.id) == wait.session_id)
    ).one()
    zone, until = provider.zone(db), wait.expires_at or now

    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        when = {"day": said.day(session.starts_at), "time": said.time(session.starts_at)}
        told = {**values, **when, "what": course, "place": place, "until": said.moment(until)}
        return Note(Kind.MAKE_UP_OFFER, routes.BENEFITS, told, f"make_up_wait:{wait.public_id}")

    once = f"make_up_wait:{wait.public_id}:{session.public_id}:{until:%Y%m%d%H%M}"
    notify.tell_about_booking(db, wait.family_id, make_up.booking_id, telling, now, once)


def _costs(db: Session, booking_id: int, now: datetime) -> int:
    """What the place costs on the day of the letter."""
    kept = kept_for(db, booking_id, now)
    return 0 if kept is None else place_prices.quote(db, kept, now).total_minor


def _about(db: Session, booking_id: int) -> tuple[str, dict[str, str]]:
    """The booking's public id, and who and which class as the letter names them."""
    booking, member, course = db.execute(
        select(col(Booking.public_id), col(Member.first_name), col(Course.name))
        .join(Member, col(Member.id) == col(Booking.member_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .where(col(Booking.id) == booking_id)
    ).one()
    return booking, {"member": member, "what": course}
