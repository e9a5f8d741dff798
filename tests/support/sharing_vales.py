"""The Vales, who share Mila's booking with Ruth."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from portal.actor import Actor, ActorKind
from portal.errors import NotFound
from portal.models.bookings import Booking, Share
from portal.models.messages import OutboxMessage
from portal.models.people import AuditEntry, Guardian
from portal.rules.sharing import Invitation
from portal.services import booking, shares
from portal.services.enrolment import Booked
from tests.factories import NOW, Household, Otterbrook

RUTH = "ruth@bell.example"


@dataclass
class Vales:
    """Mila's booking, and what her family does with it."""

    world: Otterbrook
    family: Household
    booked: Booked

    @property
    def booking(self) -> str:
        return self.world.db.get_one(Booking, self.booked.booking_id).public_id

    def invite(self, email: str = RUTH, by: Actor | None = None, **details: object) -> str:
        invitation = Invitation(email, **details)  # type: ignore[arg-type]
        return shares.invite(self.world.db, by or self.family.guardian, self.booking, invitation, NOW)

    def share_of(self, email: str = RUTH) -> Share:
        found = select(Share).where(col(Share.email) == email).order_by(col(Share.id).desc())
        return self.world.db.execute(found).scalars().first()  # type: ignore[return-value]

    def guest(self, email: str = RUTH) -> Actor:
        guardian_id = self.world.db.execute(select(col(Guardian.id)).where(col(Guardian.email) == email))
        return Actor(ActorKind.GUARDIAN, guardian_id=guardian_id.scalar_one())

    def sees(self, actor: Actor, at: timedelta = timedelta()) -> bool:
        try:
            booking.read(self.world.db, actor, NOW + at, {"booking_id": self.booking})
        except NotFound:
            return False
        return True

    def messages(self) -> list[OutboxMessage]:
        return list(self.world.db.execute(select(OutboxMessage)).scalars())

    def acts(self) -> list[str]:
        return list(
            self.world.db.execute(select(col(AuditEntry.action)).order_by(col(AuditEntry.id))).scalars()
        )
