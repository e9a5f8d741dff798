"""Dividing money without losing a cent."""

from collections.abc import Sequence


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to the weights, whose sum is the total: largest remainder, then the earlier."""
    whole = sum(weights)
    if not weights or whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and not all zero")
    parts = [total_minor * weight // whole for weight in weights]
    remainders = [total_minor * weight % whole for weight in weights]
    for index in sorted(range(len(weights)), key=lambda at: -remainders[at])[: total_minor - sum(parts)]:
        parts[index] += 1
    return parts


def evenly(total_minor: int, parts: int) -> list[int]:
    """The total in so many parts that differ by a cent at most, the larger first."""
    return split(total_minor, [1] * parts)
