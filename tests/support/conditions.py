"""What a list of conditions comes to, in one word that can be compared."""

from collections.abc import Iterable

from portal.rules.conditions import Condition, first_unmet


def told(conditions: Iterable[Condition]) -> str:
    """The key of the refusal a family reads; empty when everything holds."""
    unmet = first_unmet(conditions)
    return unmet.message_key if unmet else ""
