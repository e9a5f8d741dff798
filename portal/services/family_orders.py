"""What a family orders by pressing a button: one line, asked for today, to be paid within the provider's days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from portal.actor import SYSTEM, Actor
from portal.rules.pricing import Shown
from portal.services import ordering, provider
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed


@dataclass(frozen=True)
class Terms:
    """What else belongs to the press: the price on the button, a code, whether discounts come by themselves.

    `shown` is None where nobody was shown a price.
    """

    shown: Shown | None = None
    voucher_codes: tuple[str, ...] = ()
    automatic: bool = False


AS_IT_IS = Terms()
"""A fixed price, such as that of one visit."""
PLACE = Terms(automatic=True)
"""A place in a course."""


def due_on(db: Session, now: datetime) -> date:
    """The last day on which an order of today is paid in time."""
    settings = provider.get(db)
    return provider.today(db, now) + timedelta(days=settings.order_due_days)


def new_order(
    db: Session, family_id: int, item: NewItem, now: datetime, terms: Terms, guardian_id: int | None = None
) -> NewOrder:
    """The order as it would be placed now."""
    due = DueDate(provider.today(db, now), due_on(db, now))
    return NewOrder(
        family_id,
        [item],
        [due],
        guardian_id,
        voucher_codes=terms.voucher_codes,
        automatic=terms.automatic,
        shown=terms.shown,
    )


def order(
    db: Session, actor: Actor, family_id: int, item: NewItem, now: datetime, terms: Terms = AS_IT_IS
) -> Placed | None:
    """The order of one line; None for what costs nothing.

    For other services: the price is theirs, and whoever calls it has asked whether the actor may.
    """
    if not item.unit_minor:
        return None
    new = new_order(db, family_id, item, now, terms, actor.guardian_id)
    return ordering.place(db, SYSTEM, new, now)
