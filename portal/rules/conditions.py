"""A rule as a list of conditions: the reason shown, the check at the click and the provider's "why" are this list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.errors import PortalError


@dataclass(frozen=True)
class Condition:
    """One thing that must hold. `message_key` with `values` says in a family's words why it does not."""

    message_key: str
    held: bool
    values: Mapping[str, object] = field(default_factory=dict)
    holds_from: datetime | None = None
    """When it would hold, where time alone makes it so; aware."""


class Unmet(PortalError):
    """A refusal by a condition; its words are the condition's."""

    def __init__(self, condition: Condition) -> None:
        """The first condition that is not held."""
        super().__init__(condition.message_key, **condition.values)
        self.condition = condition


def first_unmet(conditions: Iterable[Condition]) -> Condition | None:
    """The condition to tell a family about: the rule's order is the order of what matters; None if all hold."""
    return next((condition for condition in conditions if not condition.held), None)


def refuse_unless_all(conditions: Iterable[Condition]) -> None:
    """Raise Unmet for the first condition that is not held."""
    broken = first_unmet(conditions)
    if broken is not None:
        raise Unmet(broken)
