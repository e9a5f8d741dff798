"""What an actor may see, as conditions for queries. Every query of a family's data starts here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true, union
from sqlmodel import col

from portal.actor import Actor, ActorKind
from portal.models.bookings import Booking, Share
from portal.models.commerce import Order, OrderItem, OrderStatus, Payment, PaymentStatus


def of_family(table: Any, actor: Actor) -> ColumnElement[bool]:
    """Rows of the family whose portal is open; nothing for anybody else."""
    if actor.kind is not ActorKind.GUARDIAN or actor.family_id is None:
        return false()
    return col(table.family_id) == actor.family_id


def live_share(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Shares given to this guardian that are neither revoked nor over."""
    if actor.kind is not ActorKind.GUARDIAN or actor.guardian_id is None:
        return false()
    return and_(
        col(Share.guardian_id) == actor.guardian_id,
        col(Share.revoked_at).is_(None),
        or_(col(Share.until).is_(None), col(Share.until) > now),
    )


def visible_bookings(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The family's bookings, and the ones shared with this guardian."""
    shared = select(col(Share.booking_id)).where(live_share(actor, now))
    return or_(of_family(Booking, actor), col(Booking.id).in_(shared))


def bookings_in_reach(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The provider's are all; a guardian's are those they see."""
    return visible_bookings(actor, now) if actor.kind is ActorKind.GUARDIAN else true()


def may_act_on(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Bookings in which the actor may cancel and sign up: a share that is only to look at is none."""
    if actor.kind is not ActorKind.GUARDIAN:
        return true()
    shared = select(col(Share.booking_id)).where(live_share(actor, now), col(Share.can_act))
    return or_(of_family(Booking, actor), col(Booking.id).in_(shared))


def visible_orders(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The family's orders, and those a share with payments shows: ones of that booking alone."""
    shared = select(col(Share.booking_id)).where(live_share(actor, now), col(Share.sees_payments))
    lines = select(col(OrderItem.order_id))
    granted = lines.where(col(OrderItem.booking_id).in_(shared))
    other = or_(col(OrderItem.booking_id).is_(None), col(OrderItem.booking_id).not_in(shared))
    mixed = lines.where(other, col(OrderItem.order_id).in_(granted))
    alone = granted.where(col(OrderItem.order_id).not_in(mixed))
    # A union, not an or: each half is found by its own index, however many orders there are.
    return col(Order.id).in_(union(select(col(Order.id)).where(of_family(Order, actor)), alone))


def open_payments(actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of payments joined with their orders: those they may see that wait, or will, for money."""
    return (
        visible_orders(actor, now),
        col(Order.status) == OrderStatus.STANDING,
        col(Payment.status) == PaymentStatus.UNPAID,
        col(Payment.received_minor) < col(Payment.amount_minor),
    )
