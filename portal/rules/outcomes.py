"""What giving a place up leads to: told before it is confirmed, and compared at the click with what was told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.models.bookings import AttendanceKind
from portal.rules.attending import Attending


class Outcome(StrEnum):
    """What a family gets for a place that it gives up."""

    MAKE_UP = "make_up"
    MAKE_UP_TOO_LATE = "make_up_too_late"
    ENTRY_BACK = "entry_back"
    ENTRY_TOO_LATE = "entry_too_late"
    BILL_BACK = "bill_back"
    BILL_TOO_LATE = "bill_too_late"
    MAKE_UP_BACK = "make_up_back"
    MAKE_UP_BACK_TOO_LATE = "make_up_back_too_late"
    MAKE_UP_USED = "make_up_used"
    """It was given back once before."""
    NOTHING = "nothing"
    NOTHING_TOO_LATE = "nothing_too_late"


@dataclass(frozen=True)
class PaidWith:
    """What was given for the place, and would come back."""

    entry: bool = False
    bill: bool = False
    make_up_again: bool = False
    """The make-up it was booked with came back once before."""


def outcome(it: Attending, paid: PaidWith, now: datetime) -> Outcome:
    """What giving the place up now leads to."""
    late = it.is_late(now)
    if it.kind is AttendanceKind.MAKE_UP:
        back = Outcome.MAKE_UP_USED if paid.make_up_again else Outcome.MAKE_UP_BACK
        return Outcome.MAKE_UP_BACK_TOO_LATE if late else back
    if paid.entry:
        return Outcome.ENTRY_TOO_LATE if late else Outcome.ENTRY_BACK
    if paid.bill:
        return Outcome.BILL_TOO_LATE if late else Outcome.BILL_BACK
    if it.kind is AttendanceKind.REGULAR and it.policy.make_ups:
        return Outcome.MAKE_UP_TOO_LATE if late else Outcome.MAKE_UP
    return Outcome.NOTHING_TOO_LATE if late else Outcome.NOTHING
