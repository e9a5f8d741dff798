"""A member's sessions: one row for each attendance the actor may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.models.bookings import (
    LIVE,
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingStatus,
    OpenReason,
)
from portal.models.classes import ClassSession, Course, Instructor, PassRule, Place, Programme
from portal.rules.attending import Attending
from portal.rules.terms import is_off
from portal.services.facts.attending import (
    Asked,
    Row,
    asked,
    attending,
    by_which_make_up,
    by_which_pass,
    came_by,
    card,
    comes_with_make_up,
    gave,
    not_undone,
)
from portal.services.scene import Scene
from portal.services.visibility import may_act_on, of_family, visible_bookings

# Made once: an alias remembers its columns, and making it anew would cost more than the query itself.
taken, missed, earlier = aliased(Attendance), aliased(Attendance), aliased(Attendance)
taken_session, missed_session, then = aliased(ClassSession), aliased(ClassSession), aliased(ClassSession)


@dataclass(frozen=True)
class SessionFact:
    """One member at one session. Instants are aware UTC, amounts in minor units."""

    attendance: str
    attendance_id: int
    booking_id: int
    member_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    room: str
    online: bool
    map_url: str
    livestream_url: str
    instructor: str
    note: str
    change_note: str
    unconfirmed: bool
    """The booking still waits for a confirmation, a payment or a place; a booked trial does not."""
    first: bool
    """The first session of its booking."""
    takes_entry: bool
    """A pass pays for it."""
    entry_of: str
    """The name of the pass an entry was taken from."""
    instead_of: datetime | None
    """For a make-up: the session it replaces."""
    make_up: str
    """The make-up that a cancelled or missed session gave; empty for none."""
    make_up_at: datetime | None
    """When the make-up that a cancelled or missed session gave is or was used."""
    credit_minor: int
    """What the provider gave back for it."""
    attending: Attending
    """What stands, as the rules look at it."""

    @property
    def kind(self) -> AttendanceKind:
        """How the member came to it."""
        return self.attending.kind

    @property
    def status(self) -> AttendanceStatus:
        """As marked, or GOING."""
        return self.attending.status

    @property
    def cancelled_by_provider(self) -> bool:
        """The session does not take place for anybody."""
        return self.attending.called_off

    @property
    def coming(self) -> bool:
        """The member is expected."""
        return not is_off(self) and self.status is not AttendanceStatus.MISSED

    def where(self) -> str:
        """ "Harbour Pool, lane 2", or "Online"."""
        return f"{self.place}, {self.room}" if self.room else self.place


def sessions(
    db: Session,
    scene: Scene,
    *conditions: ColumnElement[bool],
    ending_after: datetime | None = None,
    ended_by: datetime | None = None,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[SessionFact]:
    """One query: sessions in order of their start. Of what is to come, bookings that ended show nothing."""
    query = _joined(scene).where(*seen(scene), *conditions)
    if ending_after is not None:
        live = col(Booking.status).in_(LIVE)
        query = query.where(col(ClassSession.ends_at) > ending_after, or_(live, comes_with_make_up()))
    if ended_by is not None:
        query = query.where(col(ClassSession.ends_at) <= ended_by)
    starts, named = col(ClassSession.starts_at), col(Attendance.id)
    query = query.order_by(starts.desc() if newest_first else starts, named)
    terms = asked(scene)
    return [_fact(row, terms) for row in db.execute(query.limit(limit) if limit else query).all()]


def seen(scene: Scene) -> tuple[ColumnElement[bool], ...]:
    """What every query of a family's sessions is limited to; needs the booking in the query."""
    visible = visible_bookings(scene.actor, scene.now)
    return (visible, col(Booking.member_id).in_(scene.members), not_undone())


def _joined(scene: Scene) -> Select[*tuple[Any, ...]]:
    """The session with all that is told of it; a make-up joins as one row at most, by its unique columns."""
    return (
        select(*_columns(scene))
        .join(Booking, col(Booking.id) == col(Attendance.booking_id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .outerjoin(Instructor, col(Instructor.id) == col(ClassSession.instructor_id))
        .outerjoin(gave, col(gave.earned_by_id) == col(Attendance.id))
        .outerjoin(taken, col(taken.id) == col(gave.booked_as_id))
        .outerjoin(taken_session, col(taken_session.id) == col(taken.session_id))
        .outerjoin(came_by, by_which_make_up())
        .outerjoin(missed, col(missed.id) == col(came_by.earned_by_id))
        .outerjoin(missed_session, col(missed_session.id) == col(missed.session_id))
        .outerjoin(card, by_which_pass())
    )


def _columns(scene: Scene) -> tuple[Any, ...]:
    return (
        Attendance,
        Booking,
        ClassSession,
        Place,
        col(Course.name).label("title"),
        Programme,
        col(Instructor.short_name),
        _is_first().label("first"),
        card,
        came_by,
        may_act_on(scene.actor, scene.now).label("may_act"),
        col(missed_session.starts_at).label("instead_of"),
        gave,
        col(taken_session.starts_at).label("make_up_at"),
        _credit(scene).label("credit"),
    )


def _is_first() -> ColumnElement[bool]:
    return ~exists(
        select(1)
        .select_from(earlier)
        .join(then, col(then.id) == col(earlier.session_id))
        .where(
            col(earlier.booking_id) == col(Attendance.booking_id),
            col(then.starts_at) < col(ClassSession.starts_at),
        )
        .correlate(Attendance, ClassSession)
    )


def _credit(scene: Scene) -> ScalarSelect[int]:
    """Only the family's own: a share shows no money."""
    return (
        select(func.coalesce(func.sum(CreditEntry.change_minor), 0))
        .where(
            of_family(CreditEntry, scene.actor),
            col(CreditEntry.kind) == CreditEntryKind.COMPENSATION,
            col(CreditEntry.session_id) == col(ClassSession.id),
            or_(
                col(CreditEntry.member_id).is_(None), col(CreditEntry.member_id) == col(Attendance.member_id)
            ),
        )
        .correlate(ClassSession, Attendance)
        .scalar_subquery()
    )


def _fact(row: Any, terms: Asked) -> SessionFact:
    attendance, session, place = row.Attendance, row.ClassSession, row.Place
    return SessionFact(
        attendance=attendance.public_id,
        attendance_id=attendance.id,
        booking_id=attendance.booking_id,
        member_id=attendance.member_id,
        title=row.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=place.name,
        room=session.room,
        online=place.online,
        map_url=place.map_url,
        livestream_url=session.livestream_url,
        instructor=row.short_name or "",
        note=attendance.note,
        change_note=session.change_note,
        unconfirmed=row.Booking.status == BookingStatus.OPEN and row.Booking.open_reason != OpenReason.TRIAL,
        first=row.first,
        takes_entry=_takes_entry(row),
        entry_of=row.card.name if row.card else "",
        instead_of=row.instead_of,
        make_up=row.gave.public_id if row.gave else "",
        make_up_at=row.make_up_at,
        credit_minor=int(row.credit),
        attending=_attending(row, terms),
    )


def _takes_entry(row: Any) -> bool:
    drop_in = row.Attendance.kind == AttendanceKind.DROP_IN
    return bool(row.card) or (drop_in and row.Programme.pass_rule == PassRule.REQUIRED)


def _attending(row: Any, terms: Asked) -> Attending:
    tables = (row.Attendance, row.Booking, row.ClassSession, row.Programme)
    return attending(terms, Row(*tables, row.gave, row.came_by, row.card, may_act=bool(row.may_act)))
