"""A place in a course's line given up: what that means, and doing it."""

from datetime import datetime

from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.bookings import Booking
from portal.rows.waiting import LeaveSheet
from portal.rules.conditions import refuse_unless_all
from portal.rules.waiting_list import can_leave
from portal.services import audit, waiting_list
from portal.services.facts.bookings import BookingFact, bookings
from portal.services.scene import Scene, set_scene
from portal.words import ordinal


def sheet(db: Session, actor: Actor, booking: str, now: datetime) -> LeaveSheet:
    """What the family asks before it leaves; refused with the reason where it cannot."""
    entry, _ = waiting_list.find(db, actor, booking)
    refuse_unless_all(can_leave(waiting_list.as_offer(entry), now=now))
    scene = set_scene(db, actor, now)
    of = _booking(db, scene, booking)
    name = scene.members[of.member_id].first_name
    return LeaveSheet(
        booking=booking,
        why=f"{name} is {ordinal(of.place_in_line)} in line for {of.title}.",
        terms=f"Whoever waits behind {name} moves up. To wait again later, ask us: "
        f"{name} would start at the end of the line.",
    )


def leave(db: Session, actor: Actor, booking: str, now: datetime) -> str:
    """Wait no more; "Theo no longer waits for Stroke School 2."."""
    waiting_list.leave(db, actor, booking, now)
    scene = set_scene(db, actor, now)
    of = _booking(db, scene, booking)
    audit.note(db, actor, actor.family_id, "waiting_list.left", booking, now)
    return f"{scene.members[of.member_id].first_name} no longer waits for {of.title}."


def _booking(db: Session, scene: Scene, public_id: str) -> BookingFact:
    found = bookings(db, scene, col(Booking.public_id) == public_id)
    if not found:
        raise NotFound
    return found[0]
