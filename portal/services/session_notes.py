"""What families are written when a session is booked, and when the provider changes it or calls it off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal import routes
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.classes import ClassSession, Course, Place
from portal.models.people import Member
from portal.services import notify, provider


@dataclass(frozen=True)
class _Meeting:
    """A session as every letter about it names it."""

    session: ClassSession
    course: str
    place: str

    def said(self, spoken: Spoken) -> dict[str, str]:
        """Its tags, without whose it is."""
        where = ", ".join(part for part in (self.place, self.session.room) if part)
        return {
            "what": self.course,
            "day": spoken.day(self.session.starts_at),
            "time": spoken.time(self.session.starts_at),
            "place": where,
            "note": self.session.change_note,
        }


def tell_called_off(
    db: Session, session: ClassSession, going: Sequence[Attendance], credit_minor: int, now: datetime
) -> None:
    """Everybody who was going hears of it at once, the family also of what was credited for each member."""
    currency = provider.get(db).currency

    def more(to: notify.Hearer, spoken: Spoken) -> dict[str, str]:
        return {"credit": spoken.amount(credit_minor, currency) if credit_minor and to.ours else ""}

    _tell(db, _meeting(db, session), Kind.SESSION_CANCELLED, going, more, now)


def tell_changed(db: Session, session: ClassSession, was: str, now: datetime) -> None:
    """Everybody who is going hears of it at once; `was` is what it was before, in short."""
    here = (col(Attendance.session_id) == session.id, col(Attendance.status) == AttendanceStatus.GOING)
    going = db.execute(select(Attendance).where(*here)).scalars().all()
    _tell(db, _meeting(db, session), Kind.SESSION_CHANGED, going, lambda _to, _spoken: {"was": was}, now)


def tell_booked(db: Session, attendance_id: int, now: datetime) -> None:
    """A place that a family took by itself is confirmed, once a day at most; undone before it leaves, it is not."""
    going = db.get_one(Attendance, attendance_id)
    session = db.get_one(ClassSession, going.session_id)
    once = f"session_booked:{going.public_id}:{now:%Y%m%d}"
    _tell(db, _meeting(db, session), Kind.SESSION_BOOKED, [going], lambda _to, _spoken: {}, now, once)


def _tell(
    db: Session,
    meeting: _Meeting,
    kind: Kind,
    going: Sequence[Attendance],
    more: Callable[[notify.Hearer, Spoken], dict[str, str]],
    now: datetime,
    once: str = "",
) -> None:
    """Nobody is written to about what has begun: they have seen it."""
    if meeting.session.starts_at <= now:
        return
    zone = provider.zone(db)
    members = col(Member.id).in_([one.member_id for one in going])
    names = dict(db.execute(select(col(Member.id), col(Member.first_name)).where(members)).all())
    for one in going:

        def telling(to: notify.Hearer, one: Attendance = one) -> Note:
            spoken = Spoken(to.locale, zone)
            values = {**meeting.said(spoken), **more(to, spoken), "member": names[one.member_id]}
            return Note(kind, routes.SESSIONS, values, f"attendance:{one.public_id}")

        notify.tell_about_booking(db, one.family_id, one.booking_id, telling, now, once)


def _meeting(db: Session, session: ClassSession) -> _Meeting:
    course, place = db.get_one(Course, session.course_id), db.get_one(Place, session.place_id)
    return _Meeting(session, course.name, place.name)
