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


def part_of(taxed: Iterable[Taxed], part_minor: int) -> list[Taxed]:
    """A part of the whole with the same rates in the same proportion: what a credit note gives back."""
    rows = list(taxed)
    parts = split(abs(part_minor), [abs(row.total_minor) for row in rows])
    sign = -1 if part_minor < 0 else 1
    return [_taxed(row.rate, sign * part) for row, part in zip(rows, parts, strict=True)]


def _taxed(rate: int, total_minor: int) -> Taxed:
    tax = within(total_minor, rate)
    return Taxed(rate, total_minor - tax, tax, total_minor)
