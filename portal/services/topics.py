"""Which changes concern an actor's windows."""

from datetime import datetime

from sqlmodel import Session, col, select

from portal import changes
from portal.actor import Actor
from portal.models.bookings import Share
from portal.services.visibility import live_share


def topics_of(db: Session, actor: Actor, now: datetime) -> frozenset[str]:
    """Their login, they themselves, their family, families that share a booking with them, and everyone."""
    found = {changes.EVERYONE}
    if actor.login_id is not None:
        found.add(changes.login(actor.login_id))
    if actor.guardian_id is not None:
        found.add(changes.guardian(actor.guardian_id))
        sharing = db.exec(select(col(Share.family_id)).where(live_share(actor, now)).distinct())
        found.update(changes.family(family_id) for family_id in sharing)
    if actor.family_id is not None:
        found.add(changes.family(actor.family_id))
    return frozenset(found)
