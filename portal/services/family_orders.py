"""What a family orders by pressing a button: one line, asked for today, to be paid within the provider's days."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from portal.actor import SYSTEM, Actor
from portal.services import ordering, provider
from portal.services.ordering import DueDate, NewItem, NewOrder, Placed


def due_on(db: Session, now: datetime) -> date:
    """The last day on which an order of today is paid in time."""
    settings = provider.get(db)
    return now.astimezone(provider.zone(db)).date() + timedelta(days=settings.order_due_days)


def order(db: Session, actor: Actor, family_id: int, item: NewItem, now: datetime) -> Placed | None:
    """The order of one line; None for what costs nothing.

    For other services: the price is theirs, and whoever calls it has asked whether the actor may.
    """
    if not item.unit_minor:
        return None
    due = DueDate(now.astimezone(provider.zone(db)).date(), due_on(db, now))
    return ordering.place(db, SYSTEM, NewOrder(family_id, [item], [due], actor.guardian_id), now)
