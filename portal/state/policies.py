"""Who may call a handler, and with which arguments. A handler without a policy cannot be called at all."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from portal.actor import Actor, ActorKind, StaffRole

_RANKS = list(StaffRole)
_POLICY = "__portal_policy__"
Handler = TypeVar("Handler", bound=Callable[..., Any])

PublicId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]{2,23}$")]
"""A public id, or the word "all"."""


class Policy(Enum):
    """Whom a handler is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    """A guardian, even while a required consent waits for an answer."""
    GUARDIAN = "guardian"
    """A guardian whose required consents are answered."""
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    OWNER = "owner"


@dataclass(frozen=True)
class Rule:
    """A handler's policy and the schema of each argument."""

    policy: Policy
    arguments: dict[str, TypeAdapter[Any]]

    def admits(self, actor: Actor | None) -> bool:
        """Whether this actor may call."""
        if self.policy is Policy.PUBLIC:
            return True
        if actor is None:
            return False
        if self.policy in (Policy.SIGNED_IN, Policy.GUARDIAN):
            answered = self.policy is Policy.SIGNED_IN or not actor.consents_due
            return actor.kind is ActorKind.GUARDIAN and answered
        least = StaffRole(self.policy.value)
        return actor.staff_role is not None and _RANKS.index(actor.staff_role) >= _RANKS.index(least)

    def fits(self, payload: dict[str, Any]) -> bool:
        """Whether the arguments are exactly the declared ones, each of its kind."""
        if payload.keys() != self.arguments.keys():
            return False
        try:
            for name, value in payload.items():
                self.arguments[name].validate_python(value)
        except ValidationError:
            return False
        return True


def allow(policy: Policy, **arguments: Any) -> Callable[[Handler], Handler]:
    """Declare a handler's policy; stands below @rx.event. `arguments` name the type of each argument."""
    rule = Rule(policy, {name: TypeAdapter(kind) for name, kind in arguments.items()})

    def declare(handler: Handler) -> Handler:
        setattr(handler, _POLICY, rule)
        return handler

    return declare


def rule_of(handler: Callable[..., Any]) -> Rule | None:
    """The declared rule; None for a handler that nobody may call."""
    found = getattr(handler, _POLICY, None)
    return found if isinstance(found, Rule) else None
