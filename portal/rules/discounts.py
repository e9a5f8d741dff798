"""What a discount takes off a price, and how long one that comes by itself is told of."""

from datetime import date, timedelta

WHOLE = 10_000
"""Basis points of a hundred per cent."""
REMEMBERED = timedelta(days=30)
"""Before its first day and after its end or its last use, a family may reckon with it."""


def taken_off(price_minor: int, percent_basis_points: int | None, amount_minor: int | None) -> int:
    """The reduction in minor units: half a cent counts as a cent, and never more than the price."""
    if percent_basis_points is not None:
        reduction = (price_minor * percent_basis_points + WHOLE // 2) // WHOLE
    else:
        reduction = amount_minor or 0
    return min(price_minor, reduction)


def may_be_expected(valid_from: date, valid_until: date | None, used_up_on: date | None, today: date) -> bool:
    """Whether a family may already, or still, expect a discount that comes by itself: else nobody speaks of it."""
    ended = min((day for day in (valid_until, used_up_on) if day is not None), default=today)
    return valid_from - REMEMBERED <= today <= ended + REMEMBERED
