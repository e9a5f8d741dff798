"""What an actor may see, as conditions for queries. Every query of a family's data starts here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import col

from portal.actor import Actor, ActorKind
from portal.models.bookings import Booking, Share


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
