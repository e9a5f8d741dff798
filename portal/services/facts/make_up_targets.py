"""Sessions as make-ups find them: one query for every booking asked about, judged by the rule afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.benefits import MakeUp
from portal.models.bookings import Attendance, AttendanceKind, AttendanceStatus, Booking
from portal.models.classes import ClassSession, Course, Instructor, Place, Programme, SessionStatus
from portal.models.people import Member
from portal.models.provider import ProviderSettings
from portal.rules.ages import Ages
from portal.rules.make_ups import Target, Terms

# Made once: an alias remembers its columns, and making it anew would cost more than the query itself.
own_course, own_programme = aliased(Course), aliased(Programme)
other, other_session = aliased(Attendance), aliased(ClassSession)
before, holder = aliased(Attendance), aliased(MakeUp)
PRESENT = (AttendanceStatus.GOING, AttendanceStatus.ATTENDED, AttendanceStatus.MISSED)


@dataclass(frozen=True)
class TargetFact:
    """A session that a make-up of this booking might be booked for; `target` is the same for the rule."""

    booking_id: int
    session_id: int
    public_id: str
    title: str
    place_id: int
    place: str
    room: str
    instructor: str
    ends_at: datetime
    target: Target

    @property
    def starts_at(self) -> datetime:
        """Aware."""
        return self.target.starts_at

    @property
    def day(self) -> date:
        """The provider's calendar day."""
        return self.target.day


def targets(
    db: Session, settings: ProviderSettings, now: datetime, *bookings: ColumnElement[bool]
) -> list[TargetFact]:
    """One query: every session still to come of the programme, or the group, of each of these bookings."""
    to_come = (col(ClassSession.starts_at) > now, col(ClassSession.status) == SessionStatus.SCHEDULED)
    query = _query().where(_suits(), *to_come, *bookings)
    ordered = query.order_by(col(ClassSession.starts_at), col(ClassSession.id))
    return [_fact(row, settings) for row in db.execute(ordered)]


def target(
    db: Session, settings: ProviderSettings, booking_id: int, which: ColumnElement[bool]
) -> TargetFact | None:
    """One query: a single session, whatever it is of and however it stands."""
    row = db.execute(_query().where(col(Booking.id) == booking_id, which)).one_or_none()
    return _fact(row, settings) if row is not None else None


@cache
def _query() -> Select[*tuple[Any, ...]]:
    """Made once: making it costs ten times what the database needs for it."""
    return (
        select(
            col(Booking.id).label("booking_id"),
            col(Member.first_name),
            col(Member.birth_date),
            ClassSession,
            col(Course.name),
            col(Course.starts_on),
            Programme,
            col(Place.name).label("place"),
            col(Instructor.short_name),
            case((_suits(), 1), else_=0).label("suits"),
            _there().label("there"),
            _given_up().label("given_up"),
            _busy().label("busy"),
        )
        .select_from(Booking)
        .join(Member, col(Member.id) == col(Booking.member_id))
        .join(own_course, col(own_course.id) == col(Booking.course_id))
        .join(own_programme, col(own_programme.id) == col(own_course.programme_id))
        .join(ClassSession, col(ClassSession.id).is_not(None))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .outerjoin(Instructor, col(Instructor.id) == col(ClassSession.instructor_id))
        # Places are counted by statements that loaded rows know nothing of.
        .execution_options(populate_existing=True)
    )


def _suits() -> ColumnElement[bool]:
    grouped = and_(
        col(own_programme.make_up_group) != "",
        col(own_programme.make_up_group) == col(Programme.make_up_group),
    )
    return or_(col(own_programme.id) == col(Programme.id), grouped)


def _there() -> ColumnElement[bool]:
    return exists().where(*_here(), col(before.status).in_(PRESENT)).correlate(Booking, ClassSession)


def _given_up() -> ColumnElement[bool]:
    """Also by a make-up that was used up by it; one that came back may be booked for the same session again."""
    used_up = exists().where(col(holder.booked_as_id) == col(before.id)).correlate(before)
    can_be_again = and_(
        col(before.kind) == AttendanceKind.MAKE_UP,
        col(before.booking_id) == col(Booking.id),
        ~used_up,
    )
    gone = (col(before.status).not_in(PRESENT), ~can_be_again)
    return exists().where(*_here(), *gone).correlate(Booking, ClassSession)


def _here() -> tuple[ColumnElement[bool], ...]:
    return (
        col(before.session_id) == col(ClassSession.id),
        col(before.member_id) == col(Booking.member_id),
    )


def _busy() -> ColumnElement[bool]:
    return exists(
        select(1)
        .select_from(other)
        .join(other_session, col(other_session.id) == col(other.session_id))
        .where(
            col(other.member_id) == col(Booking.member_id),
            col(other.session_id) != col(ClassSession.id),
            col(other.status) == AttendanceStatus.GOING,
            col(other_session.starts_at) < col(ClassSession.ends_at),
            col(other_session.ends_at) > col(ClassSession.starts_at),
        )
        .correlate(Booking, ClassSession)
    )


def _fact(row: Any, settings: ProviderSettings) -> TargetFact:
    session: ClassSession = row.ClassSession
    day = session.starts_at.astimezone(ZoneInfo(settings.timezone)).date()
    return TargetFact(
        booking_id=row.booking_id,
        session_id=session.id or 0,
        public_id=session.public_id,
        title=row.name,
        place_id=session.place_id,
        place=row.place,
        room=session.room,
        instructor=row.short_name or "",
        ends_at=session.ends_at,
        target=Target(
            name=row.first_name,
            birth_date=row.birth_date,
            scheduled=session.status == SessionStatus.SCHEDULED,
            starts_at=session.starts_at,
            day=day,
            suits=bool(row.suits),
            ages=Ages(row.Programme.min_age_months, row.Programme.max_age_months),
            there=row.there,
            given_up=row.given_up,
            busy=row.busy,
            course_starts_on=row.starts_on,
            free=free_for_make_ups(session),
            terms=_terms(settings, row.Programme),
        ),
    )


def free_for_make_ups(session: ClassSession) -> int:
    """The extra places, and unless the session keeps the ordinary ones for its own, those as well."""
    extra = session.make_up_places - session.make_ups_taken
    return extra if session.extra_places_only else extra + session.capacity - session.taken


def _terms(settings: ProviderSettings, programme: Programme) -> Terms:
    closes, window = programme.make_up_closes_hours, programme.make_up_window_days
    return Terms(
        closes_hours=settings.make_up_closes_hours if closes is None else closes,
        window_days=settings.make_up_window_days if window is None else window,
        new_course_days=settings.make_up_new_course_days,
    )
