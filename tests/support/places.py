"""Places as the database has them: what is counted, and what it is counted for."""

from collections import Counter

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.classes import ClassSession, SessionStatus
from portal.models.offers import PlaceHold
from tests.factories import Otterbrook

HOLDING = (AttendanceStatus.GOING, AttendanceStatus.ATTENDED, AttendanceStatus.MISSED)


def miscounted(db: Session) -> dict[int, tuple[int, int]]:
    """Sessions whose places taken (first) are not the members who come and what offers keep (second)."""
    held = select(col(Attendance.session_id)).where(col(Attendance.status).in_(HOLDING))
    counts = Counter(db.execute(held).scalars().all())
    counts.update(db.execute(select(col(PlaceHold.session_id))).scalars().all())
    columns = (col(ClassSession.id), col(ClassSession.taken), col(ClassSession.make_ups_taken))
    rows = db.execute(select(*columns).where(col(ClassSession.status) == SessionStatus.SCHEDULED)).all()
    return {row[0]: (row[1] + row[2], counts[row[0]]) for row in rows if row[1] + row[2] != counts[row[0]]}


def taken(world: Otterbrook, course_id: int) -> list[int]:
    """Places taken in each session of the course, in order."""
    rows = select(col(ClassSession.taken)).where(col(ClassSession.course_id) == course_id)
    return list(world.db.execute(rows.order_by(col(ClassSession.starts_at))).scalars())


def public_id(world: Otterbrook, table: type, row_id: int) -> str:
    """What a browser knows of a row."""
    found: str = world.db.get_one(table, row_id).public_id
    return found
