"""The family's make-ups, passes, credit and discounts as they stand."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.benefits import CreditEntry, MakeUp, MakeUpStatus, Pass, PassKind
from portal.models.bookings import Attendance, Booking, OfferStatus, TrialOffer
from portal.models.classes import ClassSession, Course
from portal.models.commerce import Discount
from portal.services.scene import Scene
from portal.services.visibility import of_family, visible_bookings


@dataclass(frozen=True)
class MakeUpFact:
    """The right to another session: what it is for, and what it became. Instants are aware UTC."""

    id: int
    public_id: str
    member_id: int
    booking_id: int
    programme_id: int
    title: str
    status: MakeUpStatus
    book_by: date
    created_at: datetime
    missed_at: datetime | None
    booked_at: datetime | None
    booked_title: str
    booked_place_id: int | None


def make_ups(db: Session, scene: Scene, booking_id: int | None = None) -> list[MakeUpFact]:
    """One query: the newest first."""
    earned, booked = aliased(Attendance), aliased(Attendance)
    missed, taken = aliased(ClassSession), aliased(ClassSession)
    taken_course = aliased(Course)
    query = (
        select(
            MakeUp,
            col(Course.programme_id),
            col(Course.name),
            col(missed.starts_at),
            col(taken.starts_at),
            col(taken_course.name),
            col(taken.place_id),
        )
        .join(Booking, col(Booking.id) == col(MakeUp.booking_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .outerjoin(earned, col(earned.id) == col(MakeUp.earned_by_id))
        .outerjoin(missed, col(missed.id) == col(earned.session_id))
        .outerjoin(booked, col(booked.id) == col(MakeUp.booked_as_id))
        .outerjoin(taken, col(taken.id) == col(booked.session_id))
        .outerjoin(taken_course, col(taken_course.id) == col(taken.course_id))
        .where(visible_bookings(scene.actor, scene.now), col(MakeUp.member_id).in_(scene.members))
        .order_by(col(MakeUp.created_at).desc(), col(MakeUp.id).desc())
    )
    if booking_id is not None:
        query = query.where(MakeUp.booking_id == booking_id)
    return [
        MakeUpFact(
            id=row.id,
            public_id=row.public_id,
            member_id=row.member_id,
            booking_id=row.booking_id,
            programme_id=programme_id,
            title=title,
            status=MakeUpStatus(row.status),
            book_by=row.book_by,
            created_at=row.created_at,
            missed_at=missed_at,
            booked_at=booked_at,
            booked_title=booked_title or "",
            booked_place_id=place_id,
        )
        for row, programme_id, title, missed_at, booked_at, booked_title, place_id in db.execute(query).all()
    ]


@dataclass(frozen=True)
class PassFact:
    """Visits paid in advance; `member_id` None is shared by the family."""

    id: int
    public_id: str
    member_id: int | None
    kind: PassKind
    name: str
    icon: str
    entries_total: int | None
    entries_left: int | None
    valid_from: date
    valid_until: date | None
    paid: bool


def passes(db: Session, scene: Scene) -> list[PassFact]:
    """One query: the ones that last longest first."""
    rows = db.execute(
        select(Pass)
        .where(of_family(Pass, scene.actor))
        .order_by(col(Pass.valid_until).is_(None), col(Pass.valid_until).desc(), col(Pass.id))
    ).scalars()
    return [
        PassFact(
            id=row.id or 0,
            public_id=row.public_id,
            member_id=row.member_id,
            kind=PassKind(row.kind),
            name=row.name,
            icon=row.icon,
            entries_total=row.entries_total,
            entries_left=row.entries_left,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            paid=row.paid,
        )
        for row in rows
    ]


def credit_balance(db: Session, scene: Scene) -> int:
    """Minor units; the balance after the newest entry of the ledger."""
    newest = (
        select(CreditEntry.balance_minor)
        .where(of_family(CreditEntry, scene.actor))
        .order_by(col(CreditEntry.serial).desc())
        .limit(1)
    )
    return db.execute(newest).scalar() or 0


def discounts(db: Session, scene: Scene) -> list[Discount]:
    """One query: every discount the family has or had, the newest first. Rows are read only."""
    return list(
        db.execute(
            select(Discount)
            .where(of_family(Discount, scene.actor))
            .order_by(col(Discount.valid_until).is_(None).desc(), col(Discount.valid_until).desc(), col(Discount.id))
        ).scalars()
    )


@dataclass(frozen=True)
class OfferFact:
    """What a member may enrol in after a trial, at which price, until when. `booking` is the trial's public id."""

    booking: str
    member_id: int
    title: str
    price_minor: int
    currency: str
    expires_at: datetime


def offers(db: Session, scene: Scene) -> list[OfferFact]:
    """One query: the offers that can still be taken, the soonest to run out first. A share shows no prices."""
    rows = db.execute(
        select(TrialOffer, col(Booking.public_id), col(Booking.member_id), col(Course.name))
        .join(Booking, col(Booking.id) == col(TrialOffer.booking_id))
        .join(Course, col(Course.id) == col(TrialOffer.course_id))
        .where(
            of_family(TrialOffer, scene.actor),
            TrialOffer.status == OfferStatus.OFFERED,
            col(TrialOffer.expires_at) > scene.now,
        )
        .order_by(col(TrialOffer.expires_at), col(TrialOffer.id))
    ).all()
    return [
        OfferFact(booking, member_id, title, offer.price_minor, offer.currency, offer.expires_at)
        for offer, booking, member_id, title in rows
    ]
