"""Which changes concern an actor's windows."""

from datetime import datetime

from sqlmodel import Session

from portal import changes
from portal.actor import Actor
from portal.services.scene import set_scene


def topics_of(db: Session, actor: Actor, now: datetime) -> frozenset[str]:
    """Their login, they themselves, everyone, their family, and families that share a booking with them.

    The scene knows those families from the members it shows, so this costs no query of its own.
    """
    found = {changes.EVERYONE}
    if actor.login_id is not None:
        found.add(changes.login(actor.login_id))
    if actor.guardian_id is not None:
        found.add(changes.guardian(actor.guardian_id))
        members = set_scene(db, actor, now).members.values()
        found.update(changes.family(member.family_id) for member in members)
    if actor.family_id is not None:
        found.add(changes.family(actor.family_id))
    return frozenset(found)
