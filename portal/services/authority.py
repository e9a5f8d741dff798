"""Who may do it: the first line of every service that writes."""

from portal.actor import Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models.bookings import DecidedBy


def provider_only(actor: Actor) -> None:
    """Staff, or the house itself; NotAllowed for anybody else."""
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        raise NotAllowed


def for_family(actor: Actor, family_id: int) -> None:
    """The provider, or a guardian whose open family this is; NotFound for anybody else."""
    if actor.kind is ActorKind.GUARDIAN and actor.family_id != family_id:
        raise NotFound


def decided_by(actor: Actor) -> DecidedBy:
    """How a decision of this actor is told to the family."""
    return {
        ActorKind.GUARDIAN: DecidedBy.GUARDIAN,
        ActorKind.STAFF: DecidedBy.STAFF,
        ActorKind.SYSTEM: DecidedBy.RULE,
    }[actor.kind]
