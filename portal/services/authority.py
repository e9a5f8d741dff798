"""Who may do it: the first line of every service that writes."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import Session, col

from portal.actor import Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models.bookings import Booking, DecidedBy, Share
from portal.rules.conditions import refuse_unless_all
from portal.rules.sharing import can_act
from portal.services.visibility import live_share, visible_bookings


def provider_only(actor: Actor) -> None:
    """Staff, or the house itself; NotAllowed for anybody else."""
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        raise NotAllowed


def for_family(actor: Actor, family_id: int) -> None:
    """The provider, or a guardian whose open family this is; NotFound for anybody else."""
    if actor.kind is ActorKind.GUARDIAN and actor.family_id != family_id:
        raise NotFound


def for_booking(db: Session, actor: Actor, booking_id: int, now: datetime) -> None:
    """Whoever may act on this booking: the provider, its family, or an adult whose share says so.

    NotFound for who cannot see it; refused with the reason for who can only look.
    """
    if actor.kind is not ActorKind.GUARDIAN:
        return
    mine = and_(col(Share.booking_id) == col(Booking.id), live_share(actor, now))
    seen = select(col(Booking.family_id), col(Share.can_act)).outerjoin(Share, mine)
    found = db.execute(seen.where(col(Booking.id) == booking_id, visible_bookings(actor, now))).first()
    if found is None:
        raise NotFound
    refuse_unless_all(can_act(found.family_id != actor.family_id, bool(found.can_act)))


def decided_by(actor: Actor) -> DecidedBy:
    """How a decision of this actor is told to the family."""
    return {
        ActorKind.GUARDIAN: DecidedBy.GUARDIAN,
        ActorKind.STAFF: DecidedBy.STAFF,
        ActorKind.SYSTEM: DecidedBy.RULE,
    }[actor.kind]
