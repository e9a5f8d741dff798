"""What a family presses in the sheet of an offer, and who else would."""

from datetime import datetime, timedelta

from sqlmodel import Session

from portal.actor import Actor, ActorKind
from portal.rows.offers import Answered, OfferSheet
from portal.services import (
    place_offers,
)
from tests.factories import Household, Otterbrook

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def opens(db: Session, actor: Actor, booking: str, now: datetime) -> OfferSheet:
    return place_offers.sheet(db, actor, booking, "", now)


def presses(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """What is shown is taken."""
    return place_offers.accept(db, actor, opens(db, actor, booking, now), now)


def presses_without(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """No sheet was opened: the press says only which booking."""
    return place_offers.accept(db, actor, OfferSheet(booking), now)


def hostile(world: Otterbrook, home: Household) -> list[Actor]:
    other = world.family("Bell", "Ruth")
    share_only = Actor(ActorKind.GUARDIAN, guardian_id=home.guardian_id)
    return [other.guardian, share_only, Actor(ActorKind.GUARDIAN)]
