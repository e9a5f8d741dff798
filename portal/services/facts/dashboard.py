"""One booking with all that stands beside it: its course, its documents, its money, who can see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.base import Instant
from portal.models.bookings import Booking, Share
from portal.models.classes import Course, Instructor, Programme, ProgrammeDocument
from portal.models.commerce import Order, OrderItem, OrderStatus, Payment
from portal.models.people import FamilyGuardian, FamilyRole, Guardian
from portal.services.facts.bookings import BookingFact, Tick, fact, selected
from portal.services.facts.payments import PaymentFact, payment_fact
from portal.services.facts.sharing import shows_now
from portal.services.scene import Scene
from portal.services.visibility import live_share, of_family, visible_orders

mine, standing = aliased(Share, name="mine"), aliased(Order)


@dataclass(frozen=True)
class Dashboard:
    """A booking and what is around it, as far as this actor may see."""

    booking: BookingFact
    address: str
    map_url: str
    programme: Programme
    instructor: str
    cancel_note: str
    price_minor: int | None
    """What the booking costs; None for those who may not see money."""
    currency: str
    share: Share | None
    """The share through which the actor sees it; None for the family itself."""
    payments: tuple[PaymentFact, ...]
    documents: tuple[tuple[str, str], ...]
    """Title and address."""


@dataclass(frozen=True)
class Onlooker:
    """Someone who can see the booking: a guardian of the family, or an adult it is shared with."""

    name: str
    guardian_id: int | None
    holder: bool
    shared: bool
    can_act: bool
    sees_payments: bool
    gets_messages: bool
    until: datetime | None
    share: str
    """The share's public id; empty for a guardian of the family."""


def dashboard(db: Session, scene: Scene, public_id: str, ticks: tuple[Tick, ...]) -> Dashboard | None:
    """One query: a row for each document and payment; None when there is no such booking for this actor."""
    rows = db.execute(_query(scene, public_id)).all()
    return _dashboard(scene, rows, ticks) if rows else None


def onlookers(db: Session, scene: Scene, of: BookingFact) -> list[Onlooker]:
    """One query: guardians, then those it is shared with now. A share shows the holder and itself."""
    ours = scene.members[of.member_id].ours
    family = select(col(Booking.family_id)).where(col(Booking.id) == of.id).scalar_subquery()
    guardians = _guardians().where(col(FamilyGuardian.family_id) == family)
    shares = _shares().where(col(Share.booking_id) == of.id, shows_now(scene.now))
    if not ours:
        guardians = guardians.where(col(FamilyGuardian.role) == FamilyRole.HOLDER)
        shares = shares.where(live_share(scene.actor, scene.now))
    found = union_all(guardians, shares).subquery().c
    rows = db.execute(select(*found).order_by(found.shared, found.holder.desc(), found.name)).all()
    return [Onlooker(*row) for row in rows]


def _query(scene: Scene, public_id: str) -> Select[*tuple[Any, ...]]:
    """Documents and payments are both a handful, so their product is one too."""
    shares = select(col(Share.id)).where(live_share(scene.actor, scene.now))
    money = or_(of_family(Booking, scene.actor), col(mine.sees_payments))
    theirs = or_(col(Payment.member_id).is_(None), col(Payment.member_id) == col(Booking.member_id))
    return (
        selected(scene, col(Booking.public_id) == public_id)
        .add_columns(Programme, mine, Order, Payment, ProgrammeDocument)
        .add_columns(col(Instructor.full_name).label("instructor"))
        .add_columns(case((money, _price()), else_=None).label("price"))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .outerjoin(Instructor, col(Instructor.id) == col(Course.instructor_id))
        .outerjoin(mine, and_(col(mine.booking_id) == col(Booking.id), col(mine.id).in_(shares)))
        .outerjoin(Order, and_(col(Order.id).in_(_orders()), visible_orders(scene.actor, scene.now)))
        .outerjoin(Payment, and_(col(Payment.order_id) == col(Order.id), theirs))
        .outerjoin(ProgrammeDocument, col(ProgrammeDocument.programme_id) == col(Programme.id))
    )


def _orders() -> Select[*tuple[Any, ...]]:
    """The standing orders the booking is in."""
    return (
        select(col(OrderItem.order_id))
        .join(standing, col(standing.id) == col(OrderItem.order_id))
        .where(col(OrderItem.booking_id) == col(Booking.id), col(standing.status) == OrderStatus.STANDING)
        .correlate(Booking)
    )


def _price() -> ColumnElement[int]:
    """What was ordered, else what the course costs."""
    ordered = (
        select(func.sum(col(OrderItem.total_minor)))
        .where(col(OrderItem.booking_id) == col(Booking.id), col(OrderItem.order_id).in_(_orders()))
        .correlate(Booking)
        .scalar_subquery()
    )
    return func.coalesce(ordered, col(Course.price_minor))


def _guardians() -> Select[*tuple[Any, ...]]:
    no, yes = literal(False), literal(True)
    return select(
        col(Guardian.full_name).label("name"),
        col(Guardian.id).label("guardian_id"),
        (col(FamilyGuardian.role) == FamilyRole.HOLDER).label("holder"),
        no.label("shared"),
        yes.label("can_act"),
        yes.label("sees_payments"),
        yes.label("gets_messages"),
        cast(null(), Instant).label("until"),
        literal("").label("share"),
    ).join(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))


def _shares() -> Select[*tuple[Any, ...]]:
    # As the family calls them: who an address belongs to is not told to who only knows the address.
    name = func.coalesce(func.nullif(col(Share.full_name), ""), col(Share.email))
    return select(
        name,
        col(Share.guardian_id),
        literal(False),
        literal(True),
        col(Share.can_act),
        col(Share.sees_payments),
        col(Share.gets_messages),
        col(Share.until),
        col(Share.public_id),
    )


def _dashboard(scene: Scene, rows: Sequence[Row[Any]], ticks: tuple[Tick, ...]) -> Dashboard:
    row = rows[0]
    documents = {
        one.ProgrammeDocument.id: one.ProgrammeDocument for one in rows if one.ProgrammeDocument is not None
    }
    return Dashboard(
        booking=fact(row, ticks),
        address=row.Place.address,
        map_url=row.Place.map_url,
        programme=row.Programme,
        instructor=row.instructor or "",
        cancel_note=row.Booking.cancel_note,
        price_minor=row.price,
        currency=row.Course.currency,
        share=None if scene.members[row.Booking.member_id].ours else row.mine,
        payments=_payments(rows, scene.today),
        documents=tuple((one.title, one.url) for _, one in sorted(documents.items())),
    )


def _payments(rows: Sequence[Row[Any]], today: date) -> tuple[PaymentFact, ...]:
    """By due date, each told with how many its order has."""
    found = {row.Payment.id: (row.Payment, row.Order) for row in rows if row.Payment is not None}
    of = Counter(order.id for _, order in found.values())
    facts = (payment_fact(one, order, today, of[order.id]) for one, order in found.values())
    return tuple(sorted(facts, key=lambda fact: (fact.due_on, fact.id)))
