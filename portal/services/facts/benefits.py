"""The family's make-ups, passes, credit and discounts as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.benefits import CreditEntry, MakeUp, MakeUpStatus, Pass, PassKind
from portal.models.bookings import Attendance, Booking, OfferStatus
from portal.models.classes import ClassSession, Course, Place
from portal.models.discounts import Discount
from portal.models.offers import MakeUpWait
from portal.models.provider import ProviderSettings
from portal.services.scene import Scene
from portal.services.visibility import may_act_on, of_family, visible_bookings

# Made once: an alias remembers its columns, and making it anew would cost more than the query itself.
earned, booked = aliased(Attendance), aliased(Attendance)
missed, taken, offered = aliased(ClassSession), aliased(ClassSession), aliased(ClassSession)
taken_course, offered_course, offered_place = aliased(Course), aliased(Course), aliased(Place)

MAKE_UP_COLUMNS = 12
"""Of `make_ups_query`; a query that asks for more finds it behind them."""


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
    booked_place: str
    wait_status: OfferStatus | None = None
    """Whether the family waits for a place, or is offered one."""
    offer_expires_at: datetime | None = None
    offered_at: datetime | None = None
    offered_title: str = ""
    offered_place: str = ""
    may_act: bool = False


def make_ups(db: Session, scene: Scene, booking_id: int | None = None) -> list[MakeUpFact]:
    """One query: the newest first."""
    query = make_ups_query(scene)
    if booking_id is not None:
        query = query.where(col(MakeUp.booking_id) == booking_id)
    return [make_up_fact(row) for row in db.execute(query).all()]


def make_ups_query(scene: Scene) -> Select[*tuple[Any, ...]]:
    """The columns of `make_up_fact`, of members who are still there."""
    return (
        _with_offer(_with_sessions(select(*_make_up_columns(scene))))
        .where(visible_bookings(scene.actor, scene.now), col(MakeUp.member_id).in_(scene.members))
        .order_by(col(MakeUp.created_at).desc(), col(MakeUp.id).desc())
    )


def _make_up_columns(scene: Scene) -> tuple[Any, ...]:
    return (
        MakeUp,
        col(Course.programme_id),
        col(Course.name),
        col(missed.starts_at),
        col(taken.starts_at),
        col(taken_course.name),
        col(Place.name),
        MakeUpWait,
        col(offered.starts_at),
        col(offered_course.name),
        col(offered_place.name),
        may_act_on(scene.actor, scene.now),
    )


def _with_sessions(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The booking, the session that was missed and the one that is or was taken instead."""
    return (
        query.join(Booking, col(Booking.id) == col(MakeUp.booking_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .outerjoin(earned, col(earned.id) == col(MakeUp.earned_by_id))
        .outerjoin(missed, col(missed.id) == col(earned.session_id))
        .outerjoin(booked, col(booked.id) == col(MakeUp.booked_as_id))
        .outerjoin(taken, col(taken.id) == col(booked.session_id))
        .outerjoin(taken_course, col(taken_course.id) == col(taken.course_id))
        .outerjoin(Place, col(Place.id) == col(taken.place_id))
    )


def _with_offer(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Whether the family waits for a place, and the session it is offered one in."""
    return (
        query.outerjoin(MakeUpWait, col(MakeUpWait.make_up_id) == col(MakeUp.id))
        .outerjoin(offered, col(offered.id) == col(MakeUpWait.session_id))
        .outerjoin(offered_course, col(offered_course.id) == col(offered.course_id))
        .outerjoin(offered_place, col(offered_place.id) == col(offered.place_id))
    )


def make_up_fact(row: Sequence[Any]) -> MakeUpFact:
    """From a row of `make_ups_query`, which may have more columns behind."""
    make_up, programme_id, title, missed_at, booked_at, booked_title, place = row[:7]
    wait, offered_at, offered_title, offered_place, may_act = row[7:MAKE_UP_COLUMNS]
    return MakeUpFact(
        id=make_up.id,
        public_id=make_up.public_id,
        member_id=make_up.member_id,
        booking_id=make_up.booking_id,
        programme_id=programme_id,
        title=title,
        status=MakeUpStatus(make_up.status),
        book_by=make_up.book_by,
        created_at=make_up.created_at,
        missed_at=missed_at,
        booked_at=booked_at,
        booked_title=booked_title or "",
        booked_place=place or "",
        wait_status=OfferStatus(wait.status) if wait is not None else None,
        offer_expires_at=wait.expires_at if wait is not None else None,
        offered_at=offered_at,
        offered_title=offered_title or "",
        offered_place=offered_place or "",
        may_act=bool(may_act),
    )


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
    return [pass_fact(row) for row in db.execute(passes_query(scene)).scalars()]


def passes_query(scene: Scene) -> Select[*tuple[Any, ...]]:
    """The family's passes, without those of members who are no longer there."""
    theirs = or_(col(Pass.member_id).is_(None), col(Pass.member_id).in_(scene.members))
    return (
        select(Pass)
        .where(of_family(Pass, scene.actor), theirs)
        .order_by(col(Pass.valid_until).is_(None), col(Pass.valid_until).desc(), col(Pass.id))
    )


def pass_fact(row: Pass) -> PassFact:
    """From the table's row."""
    return PassFact(
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


def credit_and_discounts(db: Session, scene: Scene) -> tuple[int, list[Discount]]:
    """One query: what is left of the family's credit, in minor units, and every discount it has or had. Read only."""
    newest = (
        select(col(CreditEntry.balance_minor))
        .where(of_family(CreditEntry, scene.actor))
        .order_by(col(CreditEntry.serial).desc())
        .limit(1)
        .scalar_subquery()
    )
    # From the provider's one row, so that the balance is there without a discount too.
    query = select(newest, Discount).select_from(ProviderSettings).outerjoin(Discount, _theirs(scene))
    rows = db.execute(query.order_by(*_longest_first())).all()
    return rows[0][0] or 0, [row[1] for row in rows if row[1] is not None]


def discounts_query(scene: Scene) -> Select[*tuple[Any, ...]]:
    """The family's discounts, without those of members who are no longer there."""
    return select(Discount).where(_theirs(scene)).order_by(*_longest_first())


def _theirs(scene: Scene) -> ColumnElement[bool]:
    there = or_(col(Discount.member_id).is_(None), col(Discount.member_id).in_(scene.members))
    return and_(of_family(Discount, scene.actor), there)


def _longest_first() -> tuple[Any, ...]:
    ends = col(Discount.valid_until)
    return ends.is_(None).desc(), ends.desc(), col(Discount.id)
