"""The bookings page: active, open with why, past, and enquiries that are not bookings yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.models.bookings import Booking, BookingStatus, Enquiry, EnquiryStatus
from portal.models.classes import Programme
from portal.rows.bookings import BookingGroup, BookingsView, Count
from portal.rows.common import Chip, Face, LineItem, Link
from portal.rows.sessions import Nothing
from portal.services.booking_words import booking_row
from portal.services.facts.bookings import BookingFact, bookings
from portal.services.scene import MemberFact, Scene, set_scene, whose
from portal.services.visibility import of_family, visible_bookings
from portal.weblinks import web_address

PAGE = 20
"""Past bookings at first, and more with each "Show"."""
MOST = 200
LIVE = (BookingStatus.ACTIVE, BookingStatus.OPEN)


def past_shown(parameters: Mapping[str, str]) -> int:
    """How many past bookings the address asks for, within bounds."""
    show = parameters.get("show", "")
    return min(max(int(show), PAGE), MOST) if show.isdecimal() and len(show) < 6 else PAGE


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> BookingsView:
    """Four queries with the scene's one, however many rows there are."""
    scene, past = set_scene(db, actor, now), past_shown(asked)
    found = bookings(db, scene, or_(col(Booking.status).in_(LIVE), _newest_past(scene, past + 1)))
    over = sorted((fact for fact in found if fact.status not in LIVE), key=_ended, reverse=True)
    groups = (
        _group(scene, "Active", [fact for fact in found if fact.status is BookingStatus.ACTIVE]),
        _group(scene, "Open", [fact for fact in found if fact.status is BookingStatus.OPEN]),
        _group(scene, "Past", over[:past]),
    )
    return BookingsView(
        groups=tuple(group for group in groups if group.rows),
        enquiries=_enquiries(db, scene),
        nothing=tuple(_nothing(member) for member in scene.choices if not _of(found, member)),
        more=_more(past, len(over)),
        timetable=Link(web_address(scene.provider.website), "See the timetable"),
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
        counts=tuple(Count(whose(member), str(len(_of(facts, member)))) for member in scene.choices),
        rows=tuple(booking_row(scene, fact) for fact in facts),
    )


def _enquiries(db: Session, scene: Scene) -> tuple[LineItem, ...]:
    """Those the provider has not closed; a parent who sent one is not left looking for it."""
    rows = db.execute(
        select(Enquiry, col(Programme.name))
        .join(Programme, col(Programme.id) == col(Enquiry.programme_id))
        .where(of_family(Enquiry, scene.actor), col(Enquiry.status) != EnquiryStatus.CLOSED)
        .order_by(col(Enquiry.created_at).desc(), col(Enquiry.id).desc())
        .limit(PAGE)
    ).all()
    return tuple(_enquiry(scene, enquiry, programme) for enquiry, programme in rows)


def _enquiry(scene: Scene, enquiry: Enquiry, programme: str) -> LineItem:
    member = scene.members.get(enquiry.member_id) if enquiry.member_id is not None else None
    sent = f"sent {scene.calendar.date(scene.calendar.day(enquiry.created_at), scene.today)}"
    answered = enquiry.status == EnquiryStatus.ANSWERED
    return LineItem(
        member=member.public_id if member else "",
        face=member.face if member else Face(),
        icon="mail",
        title=programme,
        meta=(member.first_name, sent) if member else (sent.capitalize(),),
        chips=(
            Chip("good", "mail-check", "We have answered you by e-mail", bare=True)
            if answered
            else Chip("", "mail", "Your enquiry is with us", bare=True),
        ),
    )


def _nothing(member: MemberFact | None) -> Nothing:
    title = f"{member.first_name} has no bookings" if member else "No bookings yet"
    return Nothing(whose(member), title, "When you book a class it appears here.")


def _more(past: int, found: int) -> Link:
    if found <= past or past >= MOST:
        return Link()
    return Link(f"{routes.BOOKINGS}?show={past + PAGE}", "Show earlier bookings")


def _of(found: Sequence[BookingFact], member: MemberFact | None) -> list[BookingFact]:
    return [fact for fact in found if member is None or fact.member_id == member.id]
