"""Places as the database has them: what is counted, and what it is counted for."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.classes import ClassSession, SessionStatus
from portal.models.offers import PlaceHold
from portal.rows.offers import Answered, OfferSheet
from portal.services import place_offers
from tests.factories import Otterbrook
from tests.support.books import Books

HOLDING = (AttendanceStatus.GOING, AttendanceStatus.ATTENDED, AttendanceStatus.MISSED)


def miscounted(db: Session) -> dict[int, tuple[int, int]]:
    """Sessions whose places taken (first) are not the members who come and what offers keep (second)."""
    db.flush()
    return miscounted_in(Books(db))


def miscounted_in(books: Books) -> dict[int, tuple[int, int]]:
    """The same, of one look at the database."""
    counts = Counter(one.session_id for one in books[Attendance] if one.status in HOLDING)
    counts.update(one.session_id for one in books[PlaceHold])
    sessions = [one for one in books[ClassSession] if one.status == SessionStatus.SCHEDULED]
    found = {one.id: (one.taken + one.make_ups_taken, counts[one.id]) for one in sessions}
    return {key: (taken, held) for key, (taken, held) in found.items() if taken != held}


def taken(world: Otterbrook, course_id: int) -> list[int]:
    """Places taken in each session of the course, in order."""
    rows = select(col(ClassSession.taken)).where(col(ClassSession.course_id) == course_id)
    return list(world.db.execute(rows.order_by(col(ClassSession.starts_at))).scalars())


def public_id(world: Otterbrook, table: type, row_id: int) -> str:
    """What a browser knows of a row."""
    found: str = world.db.get_one(table, row_id).public_id
    return found


def takes_offer(db: Session, actor: Actor, booking: str, now: datetime) -> Answered:
    """The press on a sheet that showed a price no offer exceeds: what is tried is the place, not its price."""
    return place_offers.accept(db, actor, OfferSheet(booking, total_minor=10**9), now)
