"""When what is known of a family is erased: after a waiting time, so that nobody is erased in anger."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.rules.conditions import Condition

WAIT = timedelta(days=14)


def can_ask(
    *, asked_already: bool, holds_another: bool, owes: bool, coming_until: datetime | None
) -> Sequence[Condition]:
    """What must hold before it can be asked for: classes that still run and money that is still due come first.

    `holds_another`: who would leave alone holds the account of another family, which nobody could open any more.
    """
    return (
        Condition("erasure.asked_already", not asked_already),
        Condition("erasure.holds_another", not holds_another),
        Condition("erasure.owes", not owes),
        Condition("erasure.still_coming", coming_until is None),
    )


def due(asked_at: datetime) -> datetime:
    """From then on it is done, and cannot be cancelled any more."""
    return asked_at + WAIT
