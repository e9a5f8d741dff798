"""The bookings page: active, open with why, past, and enquiries that are not bookings yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.models.bookings import LIVE, Booking, BookingStatus
from portal.models.classes import ClassSession, Course, PassRule, Programme, ProgrammeKind, SessionStatus
from portal.rows.bookings import BookingGroup, BookingsView, Count, DropIn
from portal.rows.common import Link
from portal.rows.sessions import Nothing
from portal.services import enquiries
from portal.services.booking_words import booking_row
from portal.services.facts.bookings import BookingFact, bookings
from portal.services.paging import shown
from portal.services.scene import MemberFact, Scene, of_choice, set_scene, whose
from portal.services.visibility import visible_bookings
from portal.weblinks import web_address

PAGE = 20
"""Past bookings at first, and more with each "Show"."""
MOST = 200


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> BookingsView:
    """Five queries with the scene's one, however many rows there are."""
    scene, past = set_scene(db, actor, now), shown(asked.get("show", ""), PAGE, MOST)
    found = bookings(db, scene, or_(col(Booking.status).in_(LIVE), _newest_past(scene, past + 1)))
    over = sorted((fact for fact in found if fact.status not in LIVE), key=_ended, reverse=True)
    groups = (
        _group(scene, "Active", [fact for fact in found if fact.status is BookingStatus.ACTIVE]),
        _group(scene, "Open", [fact for fact in found if fact.status is BookingStatus.OPEN]),
        _group(scene, "Past", over[:past]),
    )
    return BookingsView(
        groups=tuple(group for group in groups if group.rows),
        enquiries=enquiries.rows(db, scene),
        drop_ins=_open_to_visits(db, scene) if scene.family else (),
        nothing=tuple(_nothing(member) for member in scene.choices if not of_choice(found, member)),
        more=_more(past, len(over)),
        timetable=Link(web_address(scene.provider.website), "See the timetable"),
        book="Book another class" if found else "Book a class",
        waiting=groups[1].member,
    )


def _newest_past(scene: Scene, limit: int) -> ColumnElement[bool]:
    newest = (
        select(col(Booking.id))
        .where(visible_bookings(scene.actor, scene.now), col(Booking.status).not_in(LIVE))
        .order_by(col(Booking.ends_on).desc(), col(Booking.id).desc())
        .limit(limit)
        .correlate(None)
    )
    return col(Booking.id).in_(newest)


def _ended(fact: BookingFact) -> tuple[object, ...]:
    return (fact.ends_on, fact.id)


def _group(scene: Scene, name: str, facts: Sequence[BookingFact]) -> BookingGroup:
    members = dict.fromkeys(scene.members[fact.member_id].public_id for fact in facts)
    return BookingGroup(
        name=name,
        member=" ".join(members),
        counts=tuple(Count(whose(member), str(len(of_choice(facts, member)))) for member in scene.choices),
        rows=tuple(booking_row(scene, fact) for fact in facts),
    )


def _open_to_visits(db: Session, scene: Scene) -> tuple[DropIn, ...]:
    """Programmes that are come to visit by visit, with a session still to come."""
    to_come = select(col(Course.programme_id)).where(
        col(Course.id) == col(ClassSession.course_id),
        col(ClassSession.starts_at) > scene.now,
        col(ClassSession.status) == SessionStatus.SCHEDULED,
    )
    rows = db.execute(
        select(Programme)
        .where(col(Programme.kind) == ProgrammeKind.DROP_IN, col(Programme.id).in_(to_come))
        .order_by(col(Programme.name))
    ).scalars()
    return tuple(_drop_in(scene, one) for one in rows)


def _drop_in(scene: Scene, programme: Programme) -> DropIn:
    """ "With a pass", or "€9.00 a visit, or with a pass"."""
    billed = programme.pass_rule == PassRule.BILLED and programme.unit_price_minor is not None
    price = f"{scene.money(programme.unit_price_minor or 0)} a visit, or with a pass"
    return DropIn(programme.public_id, programme.name, programme.icon, price if billed else "With a pass")


def _nothing(member: MemberFact | None) -> Nothing:
    title = f"{member.first_name} has no bookings" if member else "No bookings yet"
    return Nothing(whose(member), title, "When you book a class it appears here.")


def _more(past: int, found: int) -> Link:
    if found <= past or past >= MOST:
        return Link()
    return Link(f"{routes.BOOKINGS}?show={past + PAGE}", "Show earlier bookings")
