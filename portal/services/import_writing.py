"""Writing what an import has planned: many rows at a time, places by one condition for each course."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlmodel import Session

from portal import changes
from portal.actor import Actor
from portal.db import touch
from portal.ids import new_public_id
from portal.messages.texts import language
from portal.models.base import Table
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingKind,
    BookingStatus,
)
from portal.models.people import AuditEntry, Family, FamilyGuardian, FamilyRole, Guardian, Member
from portal.services import places, provider
from portal.services.authority import decided_by
from portal.services.import_lookups import KnownCourse, KnownFamily, KnownGuardian, KnownMember

AT_ONCE = 2000
Row = TypeVar("Row", bound=Table)


@dataclass
class Plan:
    """What is new, in the order of the file."""

    guardians: list[KnownGuardian] = field(default_factory=list)
    families: list[tuple[KnownGuardian, KnownFamily]] = field(default_factory=list)
    members: list[tuple[KnownFamily, KnownMember]] = field(default_factory=list)
    bookings: list[tuple[KnownFamily, KnownMember, KnownCourse]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How much is new."""
        return len(self.guardians) + len(self.families) + len(self.members) + len(self.bookings)


def write(db: Session, actor: Actor, plan: Plan, rows: int, now: datetime) -> None:
    """All of the plan, with a line in the audit log; NoPlaceLeft if a place has gone meanwhile."""
    _take_places(db, plan)
    _guardians(db, plan, now)
    _families(db, plan, now)
    _members(db, plan, now)
    _bookings(db, actor, plan, now)
    new = f"{len(plan.families)} families, {len(plan.members)} members, {len(plan.bookings)} bookings"
    detail = f"{rows} rows, {new}"
    db.add(
        AuditEntry(
            at=now, actor_kind=actor.kind, staff_id=actor.staff_id, action="families.import", detail=detail
        )
    )
    db.flush()
    touch(db, changes.EVERYONE)


def _take_places(db: Session, plan: Plan) -> None:
    wanted = Counter(course.id for _, _, course in plan.bookings)
    courses = {course.id: course for _, _, course in plan.bookings}
    for course_id in sorted(wanted):
        sessions = [session_id for session_id, _ in courses[course_id].sessions]
        places.take(db, sessions, wanted[course_id])


def _guardians(db: Session, plan: Plan, now: datetime) -> None:
    locale = language(provider.get(db).locale)
    rows = [
        Guardian(
            full_name=known.full_name, email=known.email, phone=known.phone, locale=locale, created_at=now
        )
        for known in plan.guardians
    ]
    for known, row in zip(plan.guardians, _stored(db, rows), strict=True):
        known.id = row.id


def _families(db: Session, plan: Plan, now: datetime) -> None:
    rows = [Family(name=known.name, created_at=now) for _, known in plan.families]
    for (_, known), row in zip(plan.families, _stored(db, rows), strict=True):
        known.id = row.id
    _stored(
        db,
        [
            FamilyGuardian(family_id=family.id or 0, guardian_id=guardian.id or 0, role=FamilyRole.HOLDER)
            for guardian, family in plan.families
        ],
    )


def _members(db: Session, plan: Plan, now: datetime) -> None:
    rows = [
        Member(
            family_id=family.id or 0,
            position=known.position,
            first_name=known.first_name,
            last_name=known.last_name,
            birth_date=known.birth_date,
            is_adult=known.is_adult,
            created_at=now,
        )
        for family, known in plan.members
    ]
    for (_, known), row in zip(plan.members, _stored(db, rows), strict=True):
        known.id = row.id


def _bookings(db: Session, actor: Actor, plan: Plan, now: datetime) -> None:
    rows = [
        Booking(
            family_id=family.id or 0,
            member_id=member.id or 0,
            course_id=course.id,
            kind=BookingKind.FULL,
            status=BookingStatus.ACTIVE,
            starts_on=course.sessions[0][1],
            ends_on=course.sessions[-1][1],
            created_at=now,
        )
        for family, member, course in plan.bookings
    ]
    _stored(db, rows)
    attendances = _attendances(actor, plan, rows, now)
    # Written as plain rows, so that a long file's hundred thousands of attendances are never all in memory.
    while some := list(islice(attendances, AT_ONCE)):
        db.execute(insert(Attendance), some)


def _attendances(
    actor: Actor, plan: Plan, rows: Sequence[Booking], now: datetime
) -> Iterator[dict[str, Any]]:
    shared = {
        "kind": AttendanceKind.REGULAR,
        "status": AttendanceStatus.GOING,
        "decided_by": decided_by(actor),
        "decided_at": now,
        "note": "",
    }
    for booking, (_, _, course) in zip(rows, plan.bookings, strict=True):
        whose = {"family_id": booking.family_id, "member_id": booking.member_id, "booking_id": booking.id}
        for session_id, _ in course.sessions:
            yield {"public_id": new_public_id(), "session_id": session_id, **whose, **shared}


def _stored(db: Session, rows: Sequence[Row]) -> Sequence[Row]:
    db.add_all(rows)
    db.flush()
    return rows
