"""What an import of families needs to know of the database: a few queries for the file, none for a row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.bookings import LIVE, Booking
from portal.models.classes import ClassSession, Course, Programme, ProgrammeKind, SessionStatus
from portal.models.people import FamilyGuardian, Guardian, Member
from portal.services import provider

AT_ONCE = 500
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
T = TypeVar("T")


@dataclass
class KnownMember:
    """Somebody who attends; no id while they are only planned."""

    first_name: str
    last_name: str
    birth_date: date | None
    position: int
    id: int | None = None
    is_adult: bool = False
    live_courses: set[int] = field(default_factory=set)


@dataclass
class KnownFamily:
    """A family with its members; no id while it is only planned."""

    id: int | None = None
    name: str = ""
    members: list[KnownMember] = field(default_factory=list)

    def next_position(self) -> int:
        """The first hue and shape that nobody in the family has."""
        taken = {member.position for member in self.members}
        return next(at for at in range(1, len(taken) + 2) if at not in taken)


@dataclass
class KnownGuardian:
    """An adult by e-mail, with their families; no id while they are only planned."""

    email: str
    full_name: str = ""
    phone: str = ""
    id: int | None = None
    families: list[KnownFamily] = field(default_factory=list)


@dataclass
class KnownCourse:
    """A course that is not over, its sessions to come, and the places left in the fullest of them."""

    id: int
    name: str
    full_name: str
    """With weekday and time, which tells courses of one name apart: "Ballet Foundations, Tue 17:15"."""
    places_left: int
    sessions: list[tuple[int, date]] = field(default_factory=list)


def guardians(db: Session, emails: Iterable[str]) -> dict[str, KnownGuardian]:
    """By e-mail, with families and members and the courses these are enrolled in."""
    found: dict[int, KnownGuardian] = {}
    for some in chunks(sorted(set(emails))):
        known = select(col(Guardian.id), col(Guardian.email), col(Guardian.full_name))
        for guardian_id, email, full_name in db.execute(known.where(col(Guardian.email).in_(some))):
            found[guardian_id] = KnownGuardian(email, full_name, id=guardian_id)
    families: dict[int, KnownFamily] = {}
    for some_ids in chunks(sorted(found)):
        links = select(FamilyGuardian).where(col(FamilyGuardian.guardian_id).in_(some_ids))
        for link in db.execute(links.order_by(col(FamilyGuardian.id))).scalars():
            family = families.setdefault(link.family_id, KnownFamily(link.family_id))
            found[link.guardian_id].families.append(family)
    _add_members(db, families)
    return {guardian.email: guardian for guardian in found.values()}


def courses(db: Session, now: datetime) -> list[KnownCourse]:
    """Every course that is not over, drop-ins aside: those are visited, not enrolled in."""
    zone = provider.zone(db)
    not_over = (
        select(Course)
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .where(
            col(Course.ends_on) >= now.astimezone(zone).date(), col(Programme.kind) == ProgrammeKind.COURSE
        )
        .order_by(col(Course.id))
    )
    known = {course.id or 0: _course(course) for course in db.execute(not_over).scalars()}
    coming = (
        col(ClassSession.starts_at) > now,
        col(ClassSession.status) == SessionStatus.SCHEDULED,
        col(ClassSession.course_id).in_(list(known)),
    )
    for session in db.execute(
        select(ClassSession).where(*coming).order_by(col(ClassSession.starts_at))
    ).scalars():
        course = known[session.course_id]
        course.sessions.append((session.id or 0, session.starts_at.astimezone(zone).date()))
        course.places_left = min(course.places_left, session.capacity - session.taken)
    return list(known.values())


def _course(course: Course) -> KnownCourse:
    day = DAYS[course.weekday]
    return KnownCourse(
        course.id or 0, course.name, f"{course.name}, {day} {course.starts_local:%H:%M}", course.capacity
    )


def _add_members(db: Session, families: dict[int, KnownFamily]) -> None:
    live: defaultdict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(families)):
        bookings = select(col(Booking.member_id), col(Booking.course_id)).where(
            col(Booking.family_id).in_(some),
            col(Booking.status).in_(LIVE),
        )
        for member_id, course_id in db.execute(bookings):
            live[member_id].add(course_id)
        rows = select(Member).where(col(Member.family_id).in_(some)).order_by(col(Member.position))
        for row in db.execute(rows).scalars():
            families[row.family_id].members.append(
                KnownMember(
                    row.first_name,
                    row.last_name,
                    row.birth_date,
                    row.position,
                    row.id,
                    live_courses=live[row.id or 0],
                )
            )


def chunks(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at a time as a query takes well."""
    for start in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[start : start + AT_ONCE]
