"""Places that are kept for a family, after a trial or from a waiting list, with what their price follows from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.bookings import Booking, OfferStatus, TrialOffer, WaitingListEntry
from portal.models.classes import ClassSession, Course, SessionStatus

course = aliased(Course, name="kept_course")


@dataclass(frozen=True)
class KeptPlace:
    """A place in a course until an instant; `booking` is the trial it follows, or the one that waits.

    `unit_minor` is the price of the second number of `sessions`; the first are still to come.
    """

    booking: str
    family_id: int
    member_id: int
    title: str
    unit_minor: int
    currency: str
    sessions: tuple[int, int]
    until: datetime
    after_trial: bool


def with_kept(
    query: Select[*tuple[Any, ...]], family: ColumnElement[bool], now: datetime
) -> Select[*tuple[Any, ...]]:
    """A query of bookings and their entries in a line, with what `kept` reads; only for bookings of this `family`."""
    offered = and_(
        col(TrialOffer.booking_id) == col(Booking.id),
        col(TrialOffer.status) == OfferStatus.OFFERED,
        col(TrialOffer.expires_at) > now,
        family,
    )
    entry = WaitingListEntry
    in_line = and_(col(entry.status) == OfferStatus.OFFERED, col(entry.offer_expires_at) > now, family)
    kept_course = func.coalesce(col(TrialOffer.course_id), case((in_line, col(entry.course_id))))
    return (
        query.outerjoin(TrialOffer, offered)
        .outerjoin(course, col(course.id) == kept_course)
        .add_columns(TrialOffer, course, _to_come(now).label("to_come"), _priced().label("priced"))
    )


def kept(row: Row[Any]) -> KeptPlace | None:
    """From a row of such a query; None when nothing is kept."""
    booking, of, offer, entry = row.Booking, row.kept_course, row.TrialOffer, row.WaitingListEntry
    if of is None:
        return None
    return KeptPlace(
        booking=booking.public_id,
        family_id=booking.family_id,
        member_id=booking.member_id,
        title=of.name,
        unit_minor=of.price_minor if offer is None else offer.price_minor,
        currency=of.currency if offer is None else offer.currency,
        sessions=(row.to_come, row.priced),
        until=entry.offer_expires_at if offer is None else offer.expires_at,
        after_trial=offer is not None,
    )


def kept_for(db: Session, booking_id: int, now: datetime) -> KeptPlace | None:
    """One query: the place that this booking may take now. Whoever calls it has asked whose it is."""
    own = select(Booking, WaitingListEntry).outerjoin(
        WaitingListEntry, col(WaitingListEntry.booking_id) == col(Booking.id)
    )
    of = col(Booking.id) == booking_id
    row = db.execute(with_kept(own, of, now).where(of).execution_options(populate_existing=True)).one()
    return kept(row)


def course_sessions(db: Session, course_id: int, now: datetime) -> tuple[int, int]:
    """How many sessions of a course are still to come, and how many it has."""
    later = func.sum(case((col(ClassSession.starts_at) > now, 1), else_=0))
    held = (col(ClassSession.course_id) == course_id, col(ClassSession.status) == SessionStatus.SCHEDULED)
    left, whole = db.execute(select(later, func.count()).where(*held)).one()
    return left or 0, whole


def _to_come(now: datetime) -> ScalarSelect[int]:
    return _sessions(col(ClassSession.starts_at) > now)


def _priced() -> ScalarSelect[int]:
    """The sessions the price is for: of a course all of them, of an offer those to come when it was made."""
    since = col(TrialOffer.created_at)
    return _sessions(or_(since.is_(None), col(ClassSession.starts_at) > since))


def _sessions(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Without those the provider called off."""
    held = (
        col(ClassSession.course_id) == col(course.id),
        col(ClassSession.status) == SessionStatus.SCHEDULED,
    )
    return (
        select(func.count())
        .select_from(ClassSession)
        .where(*held, which)
        .correlate(course, TrialOffer)
        .scalar_subquery()
    )
