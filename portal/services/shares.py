"""Another adult sees one booking."""

from datetime import datetime

from sqlmodel import Session

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.models.bookings import Booking, Share
from portal.services.authority import for_family
from portal.services.families import NewGuardian, known_guardian
from portal.services.storing import store


def share(
    db: Session,
    actor: Actor,
    booking_id: int,
    full_name: str,
    email: str,
    now: datetime,
    *,
    can_act: bool = False,
    until: datetime | None = None,
) -> int:
    """The adult with this e-mail may see the booking, and act on it if so said; never money. Its id."""
    booking = db.get(Booking, booking_id)
    if booking is None:
        raise NotFound
    for_family(actor, booking.family_id)
    # The family names whom it invites; that an adult we did not know becomes known is the house's doing.
    guardian_id = known_guardian(db, SYSTEM, NewGuardian(full_name, email), now)
    made = Share(
        family_id=booking.family_id,
        booking_id=booking_id,
        email=email.strip().lower(),
        guardian_id=guardian_id,
        full_name=full_name,
        can_act=can_act,
        until=until,
        created_at=now,
    )
    return store(db, made)
