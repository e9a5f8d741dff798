"""The line for a full course: who is offered the next free place, and whether the offer can be taken."""

from datetime import datetime, timedelta

from portal.models.bookings import OfferStatus
from portal.rules.conditions import Condition
from portal.rules.trials import Offer


def can_take(offer: Offer, *, sessions_to_come: int, now: datetime) -> list[Condition]:
    """What must hold to take the place that is kept."""
    waits = offer.status is OfferStatus.WAITING
    answered = offer.status in (OfferStatus.ACCEPTED, OfferStatus.DECLINED)
    return [
        Condition("waiting_list.nothing_offered", not waits),
        Condition("waiting_list.answered", not answered),
        Condition("waiting_list.offer_over", waits or answered or offer.is_open(now)),
        Condition("waiting_list.course_over", sessions_to_come > 0),
    ]


def can_decline(offer: Offer, *, now: datetime) -> list[Condition]:
    """What must hold to give the place to the next in line."""
    return can_take(offer, sessions_to_come=1, now=now)


def can_leave(offer: Offer, *, now: datetime) -> list[Condition]:
    """What must hold to give up a place in the line; nobody leaves it without knowing that a place is kept."""
    return [
        Condition("waiting_list.place_kept", not offer.is_open(now)),
        Condition("waiting_list.not_waiting", offer.status is OfferStatus.WAITING),
    ]


def kept_until(now: datetime, hours: int, last_start: datetime) -> datetime:
    """So many hours from now, and not beyond the start of the course's last session."""
    return min(now + timedelta(hours=hours), last_start)
