"""Who acts. Every service takes the actor first, and every query starts from it."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The two faces of the house, and the house itself."""

    GUARDIAN = "guardian"
    STAFF = "staff"
    SYSTEM = "system"


class StaffRole(StrEnum):
    """What a member of staff may do; each role includes the ones before it."""

    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    OWNER = "owner"


@dataclass(frozen=True)
class Actor:
    """Read from the database for every request and every event; never from the client."""

    kind: ActorKind
    login_id: int | None = None
    guardian_id: int | None = None
    family_id: int | None = None
    """The family whose portal is open; None for someone who only has a share."""
    staff_id: int | None = None
    staff_role: StaffRole | None = None
    consents_due: bool = False
    """A required consent waits for an answer: only the consent card may be shown."""


SYSTEM = Actor(ActorKind.SYSTEM)
