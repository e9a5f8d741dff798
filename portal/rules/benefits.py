"""How benefits stand on a day: what can still be used, and why the rest cannot."""

from datetime import date
from enum import StrEnum

from portal.models.benefits import MakeUpStatus


class Standing(StrEnum):
    """Where a pass or a discount stands."""

    ACTIVE = "active"
    LAST_ENTRY = "last_entry"
    NOT_YET = "not_yet"
    UNPAID = "unpaid"
    USED_UP = "used_up"
    EXPIRED = "expired"


USABLE = frozenset({Standing.ACTIVE, Standing.LAST_ENTRY})


def within(valid_from: date, valid_until: date | None, today: date) -> Standing:
    """ACTIVE on both its first and its last day."""
    if today < valid_from:
        return Standing.NOT_YET
    return Standing.EXPIRED if valid_until is not None and today > valid_until else Standing.ACTIVE


def pass_standing(
    valid_from: date, valid_until: date | None, left: int | None, paid: bool, today: date
) -> Standing:
    """A pass; `left` None is unlimited. Used up says more than expired, and expired more than unpaid."""
    if left == 0:
        return Standing.USED_UP
    standing = within(valid_from, valid_until, today)
    if standing is Standing.EXPIRED:
        return standing
    if not paid:
        return Standing.UNPAID
    return Standing.LAST_ENTRY if left == 1 and standing is Standing.ACTIVE else standing


def discount_standing(
    valid_from: date, valid_until: date | None, uses_left: int | None, today: date
) -> Standing:
    """A discount; `uses_left` None may be used again and again."""
    return Standing.USED_UP if uses_left == 0 else within(valid_from, valid_until, today)


def make_up_status(status: MakeUpStatus, book_by: date, today: date) -> MakeUpStatus:
    """An available make-up is expired from the day after `book_by`, whether or not a job has said so yet."""
    over = status is MakeUpStatus.AVAILABLE and today > book_by
    return MakeUpStatus.EXPIRED if over else status
