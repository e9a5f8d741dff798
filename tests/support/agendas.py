"""The sessions page as a family reads it."""

from datetime import datetime, timedelta

from portal.actor import Actor
from portal.rows.sessions import SessionsView
from portal.services import sessions
from tests.factories import NOW, TODAY, Otterbrook

LAST_WEEK = TODAY - timedelta(days=7)
NEXT_WEEK = NOW + timedelta(days=6)
LONG_AGO = NOW - timedelta(days=60)


def page(world: Otterbrook, actor: Actor, now: datetime = NOW, **parameters: str) -> SessionsView:
    """The page as this actor sees it after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return sessions.read(world.db, actor, now, parameters)
