"""Value added tax inside prices: how much of a price it is, and the same rate by rate. Rates in basis points."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from portal.rules.splits import split

WHOLE = 10_000
"""Basis points of a hundred per cent."""


@dataclass(frozen=True)
class Taxed:
    """What one rate was charged on. `base_minor` and `vat_minor` add up to `total_minor`; all may be negative."""

    rate: int
    base_minor: int
    vat_minor: int
    total_minor: int


def within(total_minor: int, rate: int) -> int:
    """The tax inside a price that includes it, to the nearest cent, halves away from zero."""
    numerator, denominator = abs(total_minor) * rate, WHOLE + rate
    tax = (2 * numerator + denominator) // (2 * denominator)
    return -tax if total_minor < 0 else tax


def by_rate(lines: Iterable[tuple[int, int]]) -> list[Taxed]:
    """One row for each rate of (rate, price) lines, the highest rate first; the tax is of the sum, not of lines."""
    totals: dict[int, int] = defaultdict(int)
    for rate, price in lines:
        totals[rate] += price
    return [_taxed(rate, totals[rate]) for rate in sorted(totals, reverse=True)]


def taken_back(taxed: Iterable[Taxed], before: Iterable[int], part_minor: int) -> list[Taxed]:
    """What a credit note of so much takes back after those `before`, each rate in the proportion of what is left.

    All of them together take back the whole, and the tax in it, to the cent.
    """
    rows = list(taxed)
    was = left = [row.total_minor for row in rows]
    for amount in (*before, part_minor):
        was, left = left, [one - part for one, part in zip(left, split(amount, left), strict=True)]
    return [_between(row.rate, one, other) for row, one, other in zip(rows, was, left, strict=True)]


def _between(rate: int, was_minor: int, left_minor: int) -> Taxed:
    """The difference, negative: its tax is the difference of the taxes."""
    total, tax = left_minor - was_minor, within(left_minor, rate) - within(was_minor, rate)
    return Taxed(rate, total - tax, tax, total)


def _taxed(rate: int, total_minor: int) -> Taxed:
    tax = within(total_minor, rate)
    return Taxed(rate, total_minor - tax, tax, total_minor)
