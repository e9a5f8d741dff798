"""Open sessions of drop-in programmes, and what a family could pay for them with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import null, select
from sqlmodel import Session, col

from portal.errors import NotFound
from portal.models.benefits import Pass
from portal.models.bookings import Attendance, AttendanceStatus, Booking
from portal.models.classes import ClassSession, Course, Place, Programme, ProgrammeKind, SessionStatus
from portal.rules.passes import PassTerms
from portal.services import passes
from portal.services.scene import Scene
from portal.services.visibility import of_family

AHEAD = timedelta(days=28)
MOST = 40
"""Sessions to choose from."""


@dataclass(frozen=True)
class About:
    """What a visit is chosen from: a programme (None is any) and, from a pass or a booking, whose."""

    programme_id: int | None
    member_id: int | None


@dataclass(frozen=True)
class OpenVisit:
    """A session to come that anybody may choose."""

    session: ClassSession
    title: str
    programme: Programme
    place: str


@dataclass(frozen=True)
class OwnPass:
    """A pass of the family as its policy sees it, and its name."""

    terms: PassTerms
    name: str


def about(db: Session, scene: Scene, public_id: str) -> About:
    """A programme, or a booking or pass of the family; NotFound for anything else."""
    drop_in = col(Programme.kind) == ProgrammeKind.DROP_IN
    queries = (
        select(col(Programme.id), null()).where(col(Programme.public_id) == public_id, drop_in),
        select(col(Programme.id), col(Booking.member_id))
        .join(Course, col(Course.programme_id) == col(Programme.id))
        .join(Booking, col(Booking.course_id) == col(Course.id))
        .where(col(Booking.public_id) == public_id, of_family(Booking, scene.actor), drop_in),
        select(col(Pass.programme_id), col(Pass.member_id)).where(
            col(Pass.public_id) == public_id, of_family(Pass, scene.actor)
        ),
    )
    for query in queries:
        found = db.execute(query).first()
        if found is not None:
            return About(found[0], found[1])
    raise NotFound


def open_visits(db: Session, scene: Scene, of: About) -> list[OpenVisit]:
    """One query: sessions of the next four weeks in order, full ones too."""
    starts = col(ClassSession.starts_at)
    query = (
        select(ClassSession, col(Course.name), Programme, col(Place.name))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .where(
            col(Programme.kind) == ProgrammeKind.DROP_IN,
            col(ClassSession.status) == SessionStatus.SCHEDULED,
            starts > scene.now,
            starts < scene.now + AHEAD,
        )
        .order_by(starts, col(ClassSession.id))
        .limit(MOST)
    )
    if of.programme_id is not None:
        query = query.where(col(Programme.id) == of.programme_id)
    return [OpenVisit(*row) for row in db.execute(query).all()]


def going(db: Session, scene: Scene, visits: Sequence[OpenVisit]) -> set[tuple[int, int]]:
    """One query: which members (first) have a place in which of these sessions."""
    rows = db.execute(
        select(col(Attendance.member_id), col(Attendance.session_id)).where(
            of_family(Attendance, scene.actor),
            col(Attendance.session_id).in_([one.session.id for one in visits]),
            col(Attendance.status) == AttendanceStatus.GOING,
        )
    ).all()
    return {(row[0], row[1]) for row in rows}


def own_passes(db: Session, scene: Scene) -> list[OwnPass]:
    """One query: every pass of the family."""
    rows = db.execute(select(Pass, passes.first_user()).where(of_family(Pass, scene.actor))).all()
    return [OwnPass(passes.terms(found, used_by), found.name) for found, used_by in rows]
