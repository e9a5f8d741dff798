"""Who may call a handler, and with which arguments. A handler without a policy cannot be called at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter
from reflex_base.utils.form import form_data_as_dict

from portal.actor import Actor, ActorKind, StaffRole

_RULE = "__portal_rule__"
Handler = TypeVar("Handler", bound=Callable[..., Any])

PublicId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9]{2,23}$")]
"""A public id, or a word such as "all"."""
Flag = Annotated[bool, Field(strict=True)]


class Policy(Enum):
    """Whom a handler is for."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    """A guardian, even while a required consent waits for an answer."""
    GUARDIAN = "guardian"
    """A guardian whose required consents are answered; they may have a share only."""
    FAMILY = "family"
    """The same, with a family's portal open."""
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    OWNER = "owner"


_LEAST = {
    Policy.INSTRUCTOR: StaffRole.INSTRUCTOR,
    Policy.MANAGER: StaffRole.MANAGER,
    Policy.OWNER: StaffRole.OWNER,
}


@dataclass(frozen=True)
class Rule:
    """A handler's policy and the schema of each argument. `optional` arguments may be left out."""

    policy: Policy
    arguments: Mapping[str, TypeAdapter[Any]]
    optional: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Whether this actor may call."""
        if self.policy is Policy.PUBLIC:
            return True
        if actor is None:
            return False
        if actor.kind is ActorKind.GUARDIAN:
            return self._admits_guardian(actor)
        return self._admits_staff(actor)

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether the arguments are exactly the declared ones, each of its kind and size."""
        unknown, missing = payload.keys() - self.arguments.keys(), self.arguments.keys() - payload.keys()
        if unknown or (missing and not self.optional):
            return False
        try:
            for name, value in payload.items():
                # A form travels as its entries, which the framework makes a dict of after the guard.
                self.arguments[name].validate_python(form_data_as_dict(value))
        except (ValueError, TypeError, RecursionError):
            return False
        return True

    def _admits_guardian(self, actor: Actor) -> bool:
        if self.policy is Policy.SIGNED_IN:
            return True
        if actor.consents_due:
            return False
        if self.policy is Policy.FAMILY:
            return actor.family_id is not None
        return self.policy is Policy.GUARDIAN

    def _admits_staff(self, actor: Actor) -> bool:
        least = _LEAST.get(self.policy)
        return least is not None and actor.staff_role is not None and _rank(actor.staff_role) >= _rank(least)


def rule(policy: Policy, *, optional: bool = False, **arguments: Any) -> Rule:
    """A rule whose arguments are given as types."""
    return Rule(policy, {name: TypeAdapter(kind) for name, kind in arguments.items()}, optional)


def allow(policy: Policy, **arguments: Any) -> Callable[[Handler], Handler]:
    """Declare a handler's policy; stands below @rx.event. `arguments` names the type of each argument."""
    declared = rule(policy, **arguments)

    def declare(handler: Handler) -> Handler:
        setattr(handler, _RULE, declared)
        return handler

    return declare


def _rank(role: StaffRole) -> int:
    """Each role includes the ones before it."""
    return list(StaffRole).index(role)


def rule_of(handler: Callable[..., Any]) -> Rule | None:
    """The declared rule; None for a handler that nobody may call."""
    found = getattr(handler, _RULE, None)
    return found if isinstance(found, Rule) else None
