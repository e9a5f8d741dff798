"""Visits to a gateway that nobody has told the end of."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.checkouts import Checkout, CheckoutStatus
from portal.services.checkouts import WAITING

_AT_ONCE = 50


def unheard_of(db: Session, now: datetime) -> list[tuple[str, str]]:
    """Visits whose gateway should have said by now how they ended, by its name and its id of them: it is asked."""
    quiet = (
        col(Checkout.status).in_(WAITING),
        col(Checkout.expires_at) < now,
        col(Checkout.external_id).is_not(None),
    )
    found = select(col(Checkout.gateway), col(Checkout.external_id)).where(*quiet).limit(_AT_ONCE)
    return [(gateway, external_id) for gateway, external_id in db.execute(found)]


def expire(db: Session, _actor: Actor, now: datetime) -> None:
    """Visits that the gateway never opened, or does not answer for in two days, are over. A job of the house."""
    never = (col(Checkout.external_id).is_(None)) & (col(Checkout.expires_at) < now)
    over = never | (col(Checkout.expires_at) < now - timedelta(days=2))
    query = select(Checkout).where(col(Checkout.status) == CheckoutStatus.OPEN, over)
    for found in db.execute(query.with_for_update()).scalars():
        found.status = CheckoutStatus.EXPIRED
    db.flush()
