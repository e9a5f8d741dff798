"""Whether a note is still for its reader when it would be sent: a share may have ended, a kind been switched off."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from portal.actor import Actor, ActorKind
from portal.messages.notes import Note
from portal.models.benefits import MakeUp
from portal.models.bookings import Attendance, Booking, Share
from portal.models.messages import OutboxMessage
from portal.models.offers import MakeUpWait
from portal.models.people import FamilyGuardian
from portal.services import notify
from portal.services.visibility import visible_bookings

NOT_THEIRS = "not shared with them any more"


def reader_of(db: Session, message: OutboxMessage) -> Actor:
    """Who reads the message, with its family open while they are of it."""
    belongs = (
        col(FamilyGuardian.guardian_id) == message.guardian_id,
        col(FamilyGuardian.family_id) == message.family_id,
    )
    family_id = db.execute(select(col(FamilyGuardian.family_id)).where(*belongs)).scalar()
    return Actor(ActorKind.GUARDIAN, guardian_id=message.guardian_id, family_id=family_id)


def why_not(db: Session, message: OutboxMessage, reader: Actor, note: Note, now: datetime) -> str:
    """Why this reader is not told of it any more; empty while they are."""
    if message.guardian_id is None:
        return ""
    if message.family_id is not None and not _reaches(db, reader, note, now):
        return NOT_THEIRS
    if not notify.wants(db, message.guardian_id, note, message.channel):
        return notify.SWITCHED_OFF
    return ""


def _reaches(db: Session, reader: Actor, note: Note, now: datetime) -> bool:
    """The family hears of all that is its own; anybody else of a booking, while they see it."""
    if reader.family_id is not None:
        return True
    of, _, public_id = note.about.partition(":")
    booking = _BOOKINGS.get(of)
    if booking is None:
        return False
    seen = select(col(Booking.id)).where(booking(public_id), visible_bookings(reader, now))
    return db.execute(seen.limit(1)).first() is not None


def _of_attendance(public_id: str) -> ColumnElement[bool]:
    of = select(col(Attendance.booking_id)).where(col(Attendance.public_id) == public_id)
    return col(Booking.id).in_(of)


def _of_make_up(public_id: str) -> ColumnElement[bool]:
    return col(Booking.id).in_(select(col(MakeUp.booking_id)).where(col(MakeUp.public_id) == public_id))


def _of_wait(public_id: str) -> ColumnElement[bool]:
    waits = select(col(MakeUp.booking_id)).join(MakeUpWait, col(MakeUpWait.make_up_id) == col(MakeUp.id))
    return col(Booking.id).in_(waits.where(col(MakeUpWait.public_id) == public_id))


def _of_share(public_id: str) -> ColumnElement[bool]:
    return col(Booking.id).in_(select(col(Share.booking_id)).where(col(Share.public_id) == public_id))


_BOOKINGS: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "attendance": _of_attendance,
    "make_up": _of_make_up,
    "make_up_wait": _of_wait,
    "share": _of_share,
}
