from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from portal.actor import Actor, ActorKind, StaffRole
from portal.state.policies import Flag, Policy, PublicId, allow, rule, rule_of

NOBODY = None
GUARDIAN = Actor(ActorKind.GUARDIAN, login_id=1, guardian_id=1, family_id=1)
SHARE_ONLY = Actor(ActorKind.GUARDIAN, login_id=2, guardian_id=2)
CONSENT_DUE = Actor(ActorKind.GUARDIAN, login_id=3, guardian_id=3, family_id=3, consents_due=True)
INSTRUCTOR, MANAGER, OWNER = (
    Actor(ActorKind.STAFF, login_id=4, staff_id=4, staff_role=role) for role in StaffRole
)
EVERYBODY = (NOBODY, GUARDIAN, SHARE_ONLY, CONSENT_DUE, INSTRUCTOR, MANAGER, OWNER)
ADMITTED = {
    Policy.PUBLIC: set(EVERYBODY),
    Policy.SIGNED_IN: {GUARDIAN, SHARE_ONLY, CONSENT_DUE},
    Policy.GUARDIAN: {GUARDIAN, SHARE_ONLY},
    Policy.FAMILY: {GUARDIAN},
    Policy.INSTRUCTOR: {INSTRUCTOR, MANAGER, OWNER},
    Policy.MANAGER: {MANAGER, OWNER},
    Policy.OWNER: {OWNER},
}


@pytest.mark.parametrize("policy", Policy)
def test_each_policy_admits_exactly_whom_it_names(policy: Policy) -> None:
    assert {one for one in EVERYBODY if rule(policy).admits(one)} == ADMITTED[policy]


@pytest.mark.parametrize(
    "payload",
    [
        {"who": "all"},
        {"who": "mila", "given": True, "more": 1},
        {},
        {"who": None, "given": True},
        {"who": 7, "given": True},
        {"who": ["all"], "given": True},
        {"who": "all", "given": 1},
        {"who": "all", "given": "true"},
        {"who": "all' or 1=1", "given": True},
        {"who": "all\n", "given": True},
        {"who": "a" * 25, "given": True},
    ],
)
def test_arguments_that_are_not_exactly_the_declared_ones_do_not_fit(payload: dict[str, Any]) -> None:
    assert not rule(Policy.PUBLIC, who=PublicId, given=Flag).fits(payload)


def test_arguments_of_their_kind_fit() -> None:
    declared = rule(Policy.PUBLIC, who=PublicId, given=Flag)

    assert declared.fits({"who": "all", "given": False})
    assert declared.fits({"who": "k7mq2v9x4hb8nw3c", "given": True})


@pytest.mark.parametrize("longest", [200, 4000])
def test_texts_are_bounded(longest: int) -> None:
    declared = rule(Policy.PUBLIC, text=Annotated[str, Field(strict=True, max_length=longest)])

    assert declared.fits({"text": "x" * longest})
    assert not declared.fits({"text": "x" * (longest + 1)})


def test_a_function_that_declares_nothing_has_no_rule() -> None:
    @allow(Policy.PUBLIC)
    def declared() -> None:
        """Anybody may call this."""

    def undeclared() -> None:
        """Nobody may call this."""

    assert rule_of(declared)
    assert rule_of(undeclared) is None


class Named(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=5)]


@pytest.mark.parametrize(
    ("sent", "fits"),
    [
        ([["name", "Ruth"]], True),
        ([["name", "Ruth"], ["name", "Sam"]], True),
        ([["name", "Maximilian"]], False),
        ([["name", "Ruth"], ["more", "x"]], False),
        ([], False),
        ([["name"]], False),
        ([[["name"], "Ruth"]], False),
        ([[{}, "Ruth"]], False),
        (7, False),
        ("name", False),
    ],
)
def test_a_form_is_held_to_its_fields_as_it_travels(sent: object, fits: bool) -> None:
    assert rule(Policy.PUBLIC, filled=Named).fits({"filled": {FORM_DATA_ENTRIES_KEY: sent}}) is fits
