"""An offer after a trial: when it can be made, when it can be taken."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.models.bookings import OfferStatus
from portal.rules.conditions import Condition


@dataclass(frozen=True)
class Offer:
    """A place offered until an instant; at that instant it is over."""

    status: OfferStatus
    expires_at: datetime

    def is_open(self, now: datetime) -> bool:
        """It waits for an answer and is not over."""
        return self.status is OfferStatus.OFFERED and now < self.expires_at


def can_offer(*, attended: bool, offered: bool, sessions_to_come: int) -> list[Condition]:
    """What must hold to offer a course after a trial; `offered` when there is an open or taken offer already."""
    return [
        Condition("trials.not_attended", attended),
        Condition("trials.already_offered", not offered),
        Condition("trials.course_over", sessions_to_come > 0),
    ]


def can_enrol(offer: Offer, *, sessions_to_come: int, now: datetime) -> list[Condition]:
    """What must hold to take the offer."""
    answered = offer.status in (OfferStatus.ACCEPTED, OfferStatus.DECLINED)
    return [
        Condition("trials.already_enrolled", not answered),
        Condition("trials.offer_over", answered or offer.is_open(now)),
        Condition("trials.course_over", sessions_to_come > 0),
    ]


def can_decline(offer: Offer, now: datetime) -> list[Condition]:
    """What must hold to give the place up; a course that is over keeps nobody from it."""
    return can_enrol(offer, sessions_to_come=1, now=now)


def lasts_until(offered_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same minute of the provider's clock so many days later, aware."""
    local = offered_at.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=days), time(local.hour, local.minute), tzinfo=zone)
