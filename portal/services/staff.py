"""People of the provider who sign in to the console."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor, StaffRole
from portal.errors import PortalError
from portal.models.people import Staff
from portal.rules import contacts
from portal.services.authority import provider_only
from portal.services.families import BadEmail
from portal.services.storing import store


class AlreadyStaff(PortalError):
    """Somebody of the staff has this e-mail."""

    message_key = "staff.already_staff"


def emails(db: Session) -> frozenset[str]:
    """Whose e-mail lets them into the console, if their password does."""
    return frozenset(db.execute(select(col(Staff.email))).scalars())


def add(
    db: Session, actor: Actor, full_name: str, email: str, password_hash: str, role: StaffRole, now: datetime
) -> int:
    """A new member of staff, who may sign in at once; the id."""
    provider_only(actor)
    address = contacts.email(email)
    if address is None:
        raise BadEmail(email=email)
    if db.execute(select(col(Staff.id)).where(col(Staff.email) == address)).first():
        raise AlreadyStaff(email=address)
    added = Staff(full_name=full_name, email=address, password_hash=password_hash, role=role, created_at=now)
    return store(db, added)
