"""What a place that is kept for a family costs it, and why.

The one answer for the home page, the booking's page, the sheet, the letter, and the order at the click.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from portal.models.commerce import ItemKind
from portal.rules.pricing import Receipt
from portal.services import family_orders, ordering, provider
from portal.services.facts.kept_places import KeptPlace
from portal.services.family_orders import Terms
from portal.services.new_orders import NewItem


def item(db: Session, kept: KeptPlace, booking_id: int | None = None) -> NewItem:
    """The line of its order: the price of the sessions still to come, where the provider has it so."""
    left, whole = kept.sessions
    late = provider.get(db).pay_for_what_is_left and left < whole
    return NewItem(
        ItemKind.BOOKING,
        kept.title,
        kept.unit_minor,
        detail=f"{left} of {whole} sessions" if late else "",
        member_id=kept.member_id,
        booking_id=booking_id,
        sessions=kept.sessions if late else (1, 1),
    )


def quote(db: Session, kept: KeptPlace, now: datetime, terms: Terms = family_orders.PLACE) -> Receipt:
    """What it costs now and why; nothing is used up."""
    new = family_orders.new_order(db, kept.family_id, item(db, kept), now, terms)
    return ordering.quote(db, new, now)


def totals(db: Session, places: Sequence[KeptPlace], now: datetime) -> dict[str, int]:
    """One query, and none without places: what each costs now, by the booking that may take it. Of one family."""
    news = [
        family_orders.new_order(db, one.family_id, item(db, one), now, family_orders.PLACE) for one in places
    ]
    receipts = ordering.quotes(db, news, now)
    return {one.booking: found.total_minor for one, found in zip(places, receipts, strict=True)}
