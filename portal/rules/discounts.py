"""What a discount takes off a price."""

WHOLE = 10_000
"""Basis points of a hundred per cent."""


def taken_off(price_minor: int, percent_basis_points: int | None, amount_minor: int | None) -> int:
    """The reduction in minor units: half a cent counts as a cent, and never more than the price."""
    if percent_basis_points is not None:
        reduction = (price_minor * percent_basis_points + WHOLE // 2) // WHOLE
    else:
        reduction = amount_minor or 0
    return min(price_minor, reduction)
