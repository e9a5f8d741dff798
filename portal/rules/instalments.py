"""When an order is paid: a deposit, and instalments month by month. No cent is lost and none is asked for twice."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.rules.splits import evenly

MONTHS = 12


@dataclass(frozen=True)
class Instalment:
    """So much, on that day at the latest."""

    amount_minor: int
    due_on: date


def schedule(total_minor: int, first_due: date, count: int, deposit_minor: int = 0) -> list[Instalment]:
    """So many payments a month apart, the deposit being the first. Fewer when there is not a cent for each."""
    amounts = [amount for amount in parts(total_minor, count, deposit_minor) if amount] or [0]
    return [
        Instalment(amount, due) for amount, due in zip(amounts, monthly(first_due, len(amounts)), strict=True)
    ]


def parts(total_minor: int, count: int, deposit_minor: int = 0) -> list[int]:
    """The amounts of so many payments: the deposit, then the rest in parts that differ by a cent at most.

    A deposit is never more than the total, and of a single payment it is nothing apart.
    """
    if count < 1 or total_minor < 0 or deposit_minor < 0:
        raise ValueError("a total is divided into one payment or more, and a deposit is not negative")
    deposit = min(deposit_minor, total_minor)
    if count == 1 or not deposit:
        return evenly(total_minor, count)
    return [deposit, *evenly(total_minor - deposit, count - 1)]


def monthly(first: date, count: int) -> Sequence[date]:
    """The same day of each month; the last of a month that has no such day, and the first day's own again after it."""
    return [_months_later(first, at) for at in range(count)]


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
