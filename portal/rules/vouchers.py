"""Voucher codes are typed, and not guessed: how many wrong ones in how long."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from portal.rules.conditions import Condition

GUESSES = 10
WINDOW = timedelta(hours=1)


def can_guess(wrong: Sequence[datetime], now: datetime, said: Callable[[datetime], str]) -> list[Condition]:
    """`wrong`: when the last codes that stand for nothing were typed, the newest first; `said` tells a time."""
    tenth = wrong[GUESSES - 1] if len(wrong) >= GUESSES else None
    free = now if tenth is None else tenth + WINDOW
    return [
        Condition("vouchers.too_many_guesses", free <= now, values={"time": said(free)}, holds_from=free),
    ]
