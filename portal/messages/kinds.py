"""The kinds of messages: what each may say, how much it matters, whether it can wait."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message is about."""

    SIGN_IN = "sign_in"
    PAYMENT_UPCOMING = "payment_upcoming"
    PAYMENT_DUE = "payment_due"
    PAYMENT_OVERDUE = "payment_overdue"
    PAYMENT_RECEIVED = "payment_received"
    SESSION_TOMORROW = "session_tomorrow"
    SESSION_BOOKED = "session_booked"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    MAKE_UP_AVAILABLE = "make_up_available"
    MAKE_UP_EXPIRING = "make_up_expiring"
    MAKE_UP_OFFER = "make_up_offer"
    PASS_EXPIRING = "pass_expiring"  # noqa: S105 - a kind of message, not a password
    TRIAL_OFFER = "trial_offer"
    WAITING_LIST_OFFER = "waiting_list_offer"
    BOOKING_SHARED = "booking_shared"
    DOCUMENT_READY = "document_ready"


EVERYWHERE = {
    "provider": "Otterbrook Classes",
    "name": "Nora",
    "portal_url": "https://portal.example",
    "WIDGET_PROFILE_URL": "https://portal.example",
    "link": "https://portal.example/payments",
}
"""The tags of every kind, with the sample a provider previews their words with."""

_CLASS = {"member": "Mila", "what": "Little Waves 2"}
_MEETING = {**_CLASS, "day": "Thu 12 March", "time": "16:30", "place": "Harbour Pool"}
_PAYMENT = {"what": "Ballet Foundations, Juno", "amount": "€62.00", "due": "20 March"}


@dataclass(frozen=True)
class Manner:
    """How a kind behaves. `tags` are its own, with samples."""

    tags: dict[str, str]
    essential: bool = False
    """Part of the service itself: it carries no List-Unsubscribe."""
    always: bool = False
    """It cannot be switched off: it is the answer to something somebody asked for."""
    dated: bool = False
    """A session is booked or moved: the letter brings it as a calendar file."""
    at_once: bool = False
    """It waits neither for the morning nor for others to be told of together."""


MANNERS = {
    Kind.SIGN_IN: Manner({}, essential=True, always=True, at_once=True),
    Kind.PAYMENT_UPCOMING: Manner({**_PAYMENT, "asked": "10 March"}),
    Kind.PAYMENT_DUE: Manner(_PAYMENT),
    Kind.PAYMENT_OVERDUE: Manner(_PAYMENT),
    Kind.PAYMENT_RECEIVED: Manner({"what": _PAYMENT["what"], "amount": "€62.00"}),
    Kind.SESSION_TOMORROW: Manner(_MEETING),
    Kind.SESSION_BOOKED: Manner(_MEETING, dated=True),
    Kind.SESSION_CHANGED: Manner(
        {**_MEETING, "was": "Thu 12 March, 16:00", "note": ""}, essential=True, dated=True, at_once=True
    ),
    Kind.SESSION_CANCELLED: Manner(
        {**_MEETING, "note": "Pool closed", "credit": "€12.00"}, essential=True, at_once=True
    ),
    Kind.MAKE_UP_AVAILABLE: Manner(
        {**_CLASS, "day": "Thu 26 February", "book_by": "30 April", "places": "7"}
    ),
    Kind.MAKE_UP_EXPIRING: Manner({**_CLASS, "day": "Thu 26 February", "book_by": "30 April", "places": "7"}),
    Kind.MAKE_UP_OFFER: Manner({**_MEETING, "until": "Thu 12 March, 18:00"}, at_once=True),
    Kind.PASS_EXPIRING: Manner({"what": "Open Swim pass", "left": "6", "until": "31 March"}),
    Kind.TRIAL_OFFER: Manner({**_CLASS, "price": "€84.00", "until": "Sun 22 March"}),
    Kind.WAITING_LIST_OFFER: Manner(
        {**_CLASS, "price": "€126.00", "until": "Thu 12 March, 18:00"}, at_once=True
    ),
    Kind.BOOKING_SHARED: Manner(
        {**_CLASS, "by": "Nora Vale", "act": "", "until": "30 April"},
        essential=True,
        always=True,
        at_once=True,
    ),
    Kind.DOCUMENT_READY: Manner({"what": "Invoice 2026-0041", "amount": "€62.00"}),
}
REMINDERS = frozenset(
    {
        Kind.PAYMENT_UPCOMING,
        Kind.PAYMENT_DUE,
        Kind.PAYMENT_OVERDUE,
        Kind.SESSION_TOMORROW,
        Kind.MAKE_UP_AVAILABLE,
        Kind.MAKE_UP_EXPIRING,
        Kind.PASS_EXPIRING,
    }
)
"""Sent by the calendar: in the daytime, and not for what has been settled meanwhile."""


def tags_of(kind: Kind) -> dict[str, str]:
    """Every tag the words of this kind may use, with a sample."""
    return {**EVERYWHERE, **MANNERS[kind].tags}
