"""Where each benefit went: every movement with the session or the order that caused it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.benefits import CreditEntry, CreditEntryKind, MakeUp, MakeUpEntry, Pass, PassEntry
from portal.models.bookings import Attendance, Booking
from portal.models.classes import ClassSession, Course, Place
from portal.models.commerce import Order, OrderItem
from portal.models.discounts import Discount, OrderDiscount
from portal.services.facts.benefits import (
    MAKE_UP_COLUMNS,
    MakeUpFact,
    PassFact,
    discounts_query,
    make_up_fact,
    make_ups_query,
    pass_fact,
    passes_query,
)
from portal.services.scene import Scene
from portal.services.visibility import of_family

attendance, session = aliased(Attendance), aliased(ClassSession)
booking, course, place = aliased(Booking), aliased(Course), aliased(Place)


@dataclass(frozen=True)
class Meeting:
    """The session behind a movement; `booking` is the public id of the booking it was attended with."""

    id: int
    booking: str
    title: str
    starts_at: datetime
    place: str


@dataclass(frozen=True)
class Movement:
    """One row of a make-up's or pass's history. `change` and `left` count entries; a make-up has none."""

    kind: str
    at: datetime
    cause: str
    member_id: int | None
    meeting: Meeting | None
    change: int = 0
    left: int = 0


@dataclass(frozen=True)
class OrderRef:
    """The order behind a movement: public id and number."""

    public_id: str
    number: str


@dataclass(frozen=True)
class CreditFact:
    """One line of the credit ledger, with the balance after it. Minor units."""

    kind: CreditEntryKind
    change_minor: int
    balance_minor: int
    currency: str
    cause: str
    member_id: int | None
    at: datetime
    order: OrderRef | None
    booking: str
    """The booking whose session caused it; empty when no session did."""
    title: str


@dataclass(frozen=True)
class DiscountUse:
    """A discount taken off an order. Minor units."""

    order: OrderRef
    at: datetime
    member_id: int | None
    amount_minor: int


def make_up_histories(db: Session, scene: Scene) -> list[tuple[MakeUpFact, list[Movement]]]:
    """One query: each make-up, the newest first, with its movements in order."""
    query = _with_meeting(
        make_ups_query(scene)
        .add_columns(MakeUpEntry)
        .outerjoin(MakeUpEntry, col(MakeUpEntry.make_up_id) == col(MakeUp.id)),
        col(MakeUpEntry.attendance_id),
    ).order_by(col(MakeUpEntry.at), col(MakeUpEntry.id))
    found: dict[int, tuple[MakeUpFact, list[Movement]]] = {}
    for row in db.execute(query).all():
        fact = make_up_fact(row)
        entry: MakeUpEntry | None = row[MAKE_UP_COLUMNS]
        movements = found.setdefault(fact.id, (fact, []))[1]
        if entry is not None:
            movements.append(
                Movement(
                    entry.kind, entry.at, entry.cause, fact.member_id, _meeting(row[MAKE_UP_COLUMNS + 1 :])
                )
            )
    return list(found.values())


def pass_histories(db: Session, scene: Scene) -> list[tuple[PassFact, OrderRef | None, list[Movement]]]:
    """One query: each pass with the order that bought it and its movements, the newest first."""
    query = _with_meeting(
        passes_query(scene)
        .add_columns(col(Order.public_id), col(Order.number), PassEntry)
        .outerjoin(OrderItem, col(OrderItem.id) == col(Pass.order_item_id))
        .outerjoin(Order, col(Order.id) == col(OrderItem.order_id))
        .outerjoin(PassEntry, col(PassEntry.pass_id) == col(Pass.id)),
        col(PassEntry.attendance_id),
    ).order_by(col(PassEntry.at).desc(), col(PassEntry.id).desc())
    found: dict[int, tuple[PassFact, OrderRef | None, list[Movement]]] = {}
    for row in db.execute(query).all():
        fact = pass_fact(row[0])
        entry: PassEntry | None = row[3]
        movements = found.setdefault(fact.id, (fact, _order(row[1:3]), []))[2]
        if entry is not None:
            movements.append(
                Movement(
                    entry.kind,
                    entry.at,
                    entry.cause,
                    entry.member_id,
                    _meeting(row[4:]),
                    change=entry.change,
                    left=entry.left_after,
                )
            )
    return list(found.values())


def credit_ledger(db: Session, scene: Scene) -> list[CreditFact]:
    """One query: the family's credit, the newest line first."""
    there = and_(
        col(Attendance.session_id) == col(CreditEntry.session_id),
        col(Attendance.family_id) == col(CreditEntry.family_id),
        col(Attendance.member_id) == col(CreditEntry.member_id),
    )
    query = (
        select(CreditEntry, col(Order.public_id), col(Order.number), col(Booking.public_id), col(Course.name))
        .outerjoin(Order, col(Order.id) == col(CreditEntry.order_id))
        .outerjoin(ClassSession, col(ClassSession.id) == col(CreditEntry.session_id))
        .outerjoin(Course, col(Course.id) == col(ClassSession.course_id))
        .outerjoin(Attendance, there)
        .outerjoin(Booking, col(Booking.id) == col(Attendance.booking_id))
        .where(of_family(CreditEntry, scene.actor))
        .order_by(col(CreditEntry.serial).desc())
    )
    # A member may attend one session through two bookings: the ledger line stays one.
    lines = {row[0].serial: row for row in db.execute(query).all()}
    return [_credit_fact(row) for row in lines.values()]


def discount_histories(db: Session, scene: Scene) -> list[tuple[Discount, list[DiscountUse]]]:
    """One query: each discount with the orders it was used in, the newest use first."""
    query = (
        discounts_query(scene)
        .add_columns(col(Order.public_id), col(Order.number), OrderDiscount, col(OrderItem.member_id))
        .outerjoin(OrderDiscount, col(OrderDiscount.discount_id) == col(Discount.id))
        .outerjoin(Order, col(Order.id) == col(OrderDiscount.order_id))
        .outerjoin(OrderItem, col(OrderItem.id) == col(OrderDiscount.order_item_id))
        .order_by(col(OrderDiscount.created_at).desc(), col(OrderDiscount.id).desc())
    )
    found: dict[int | None, tuple[Discount, list[DiscountUse]]] = {}
    for discount, public_id, number, use, member_id in db.execute(query).all():
        uses = found.setdefault(discount.id, (discount, []))[1]
        if use is not None:
            uses.append(DiscountUse(OrderRef(public_id, number), use.created_at, member_id, use.amount_minor))
    return list(found.values())


def _with_meeting(query: Select[*tuple[Any, ...]], attendance_id: Any) -> Select[Any]:
    """The session of each movement, as the last five columns."""
    return (
        query.add_columns(
            col(session.id), col(booking.public_id), col(course.name), col(session.starts_at), col(place.name)
        )
        .outerjoin(attendance, col(attendance.id) == attendance_id)
        .outerjoin(booking, col(booking.id) == col(attendance.booking_id))
        .outerjoin(session, col(session.id) == col(attendance.session_id))
        .outerjoin(course, col(course.id) == col(session.course_id))
        .outerjoin(place, col(place.id) == col(session.place_id))
    )


def _meeting(columns: Iterable[Any]) -> Meeting | None:
    session_id, booking, title, starts_at, place = columns
    return None if session_id is None else Meeting(session_id, booking, title, starts_at, place)


def _order(columns: Iterable[Any]) -> OrderRef | None:
    public_id, number = columns
    return None if public_id is None else OrderRef(public_id, number)


def _credit_fact(row: Row[*tuple[Any, ...]]) -> CreditFact:
    entry, order_public_id, order_number, booking, title = row
    return CreditFact(
        kind=CreditEntryKind(entry.kind),
        change_minor=entry.change_minor,
        balance_minor=entry.balance_minor,
        currency=entry.currency,
        cause=entry.cause,
        member_id=entry.member_id,
        at=entry.at,
        order=_order((order_public_id, order_number)),
        booking=booking or "",
        title=title or "",
    )
