"""Whether a member's place at a session can be given up, and whether it can be taken again.

Pages take their buttons and their reasons from these lists, and the click is checked by the same ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AttendanceKind, AttendanceStatus, DecidedBy
from portal.models.provider import LateCancellation
from portal.rules.cancellation import CancellationPolicy, when_refused
from portal.rules.conditions import Condition
from portal.rules.sharing import can_act
from portal.rules.terms import CANCELLED

UNDO_WITHIN = timedelta(seconds=30)
"""The toast stays six seconds, and longer while somebody holds it; "Sign back up" is there after that."""


@dataclass(frozen=True)
class Attending:
    """One booking at one session, as somebody who asks finds it. Instants are aware."""

    kind: AttendanceKind
    status: AttendanceStatus
    decided_by: DecidedBy
    decided_at: datetime
    starts_at: datetime
    called_off: bool
    """By the provider, for everybody."""
    booked: bool
    """The booking it belongs to is open or active."""
    may_act: bool
    by_provider: bool
    """Staff ask, who are not bound by the limits that families have."""
    policy: CancellationPolicy
    limit: datetime
    """The last instant at which cancelling is in time."""
    sign_back_up_hours: int | None
    """Signing back up closes so many hours before the start; None: at the start."""
    places_free: int
    gave: MakeUpStatus | None
    """The make-up that cancelling it gave."""
    make_up_there: bool
    """The make-up it was booked with can be had for it again; True for whatever needs none."""
    entry_there: bool
    """The same of the entry of a pass."""

    @property
    def sign_back_up_until(self) -> datetime:
        """From then on it is closed."""
        return self.starts_at - timedelta(hours=self.sign_back_up_hours or 0)

    def is_late(self, now: datetime) -> bool:
        """After the limit; the limit itself is still in time."""
        return now > self.limit


def can_cancel(it: Attending, now: datetime) -> list[Condition]:
    """The member can't come: what must hold for giving the place up."""
    allowed = it.by_provider or it.policy.late is LateCancellation.ALLOWED
    return [
        *_their_own(it),
        Condition("cancel.not_going", it.status is AttendanceStatus.GOING),
        Condition("cancel.started", now < it.starts_at),
        Condition(
            "cancel.too_late", allowed or not it.is_late(now), values={"text": when_refused(it.policy)}
        ),
    ]


def can_sign_back_up(it: Attending, now: datetime) -> list[Condition]:
    """The member comes after all: what must hold for taking the place again."""
    hours = it.sign_back_up_hours or 0
    is_open = it.by_provider or now < it.sign_back_up_until
    return [
        *_given_up(it, now),
        Condition("sign_back_up.closed", is_open, values={"count": hours}),
        *_can_be_had(it),
    ]


def can_undo(it: Attending, now: datetime) -> list[Condition]:
    """The cancellation of a moment ago never was; the window for signing back up does not matter."""
    return [
        *_given_up(it, now),
        Condition("sign_back_up.undo_over", now < it.decided_at + UNDO_WITHIN),
        *_can_be_had(it),
    ]


def can_undo_sign_back_up(it: Attending, now: datetime) -> list[Condition]:
    """Signing back up a moment ago never was, although it may be too late to cancel by now."""
    return [
        *_their_own(it),
        Condition("cancel.not_going", it.status is AttendanceStatus.GOING),
        Condition("cancel.started", now < it.starts_at),
        Condition("cancel.undo_over", now < it.decided_at + UNDO_WITHIN),
    ]


def _their_own(it: Attending) -> list[Condition]:
    return [
        *can_act(through_share=True, share_can_act=it.may_act),
        Condition("attending.called_off", not it.called_off),
        Condition("attending.booking_ended", it.booked),
    ]


def _given_up(it: Attending, now: datetime) -> list[Condition]:
    """By the family, for a session that is still to come."""
    theirs = it.by_provider or it.decided_by is DecidedBy.GUARDIAN
    return [
        *_their_own(it),
        Condition("sign_back_up.not_cancelled", it.status in CANCELLED),
        Condition("sign_back_up.not_by_family", theirs),
        Condition("sign_back_up.started", now < it.starts_at),
    ]


def _can_be_had(it: Attending) -> list[Condition]:
    """The place is free, and what cancelling gave can be given back for it."""
    return [
        Condition("sign_back_up.make_up_booked", it.gave is not MakeUpStatus.BOOKED),
        Condition("sign_back_up.make_up_used", it.gave is not MakeUpStatus.USED),
        Condition("sign_back_up.make_up_gone", it.make_up_there),
        Condition("sign_back_up.no_entry", it.entry_there),
        Condition("sign_back_up.no_place", it.places_free > 0),
    ]
