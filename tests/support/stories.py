"""What tests of pages tell and ask again and again."""

from sqlalchemy import select, update
from sqlmodel import col

from portal.actor import Actor, ActorKind
from portal.models.bookings import Attendance, AttendanceStatus, Share
from portal.services import shares
from tests.factories import NOW, Household, Otterbrook


def mark(world: Otterbrook, attendance_id: int, status: AttendanceStatus) -> None:
    """The register says so."""
    world.db.execute(update(Attendance).where(col(Attendance.id) == attendance_id).values(status=status))


def shared_with_ruth(
    world: Otterbrook, home: Household, booking_id: int, *, sees_payments: bool = False
) -> Actor:
    """Ruth sees this booking; she has no family here."""
    share_id = shares.share(world.db, home.guardian, booking_id, "Ruth Bell", "ruth@families.example", NOW)
    made = col(Share.id) == share_id
    world.db.execute(update(Share).where(made).values(sees_payments=sees_payments))
    guardian_id = world.db.execute(select(col(Share.guardian_id)).where(made)).scalar_one()
    return Actor(ActorKind.GUARDIAN, guardian_id=guardian_id)
