"""What giving a place up leads to: told before it is confirmed, and compared at the click with what was told."""

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
    MAKE_UP_BACK = "make_up_back"
    MAKE_UP_BACK_TOO_LATE = "make_up_back_too_late"
    MAKE_UP_USED = "make_up_used"
    """It was given back once before."""
    NOTHING = "nothing"
    NOTHING_TOO_LATE = "nothing_too_late"


def outcome(it: Attending, now: datetime, *, by_pass: bool, given_back_before: bool) -> Outcome:
    """`by_pass`: an entry was taken for it; `given_back_before`: of the make-up it was booked with."""
    late = it.is_late(now)
    if it.kind is AttendanceKind.MAKE_UP:
        back = Outcome.MAKE_UP_USED if given_back_before else Outcome.MAKE_UP_BACK
        return Outcome.MAKE_UP_BACK_TOO_LATE if late else back
    if by_pass:
        return Outcome.ENTRY_TOO_LATE if late else Outcome.ENTRY_BACK
    if it.kind is AttendanceKind.REGULAR and it.policy.make_ups:
        return Outcome.MAKE_UP_TOO_LATE if late else Outcome.MAKE_UP
    return Outcome.NOTHING_TOO_LATE if late else Outcome.NOTHING
