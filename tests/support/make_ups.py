"""Make-ups in tests, by the ids that builders give."""

from datetime import datetime

from portal.actor import Actor
from portal.models.benefits import MakeUp
from portal.models.classes import ClassSession
from portal.services import make_up_booking
from portal.services.enrolment import Coming
from tests.factories import NOW, Otterbrook


def book(world: Otterbrook, actor: Actor, make_up_id: int, session_id: int, now: datetime = NOW) -> Coming:
    """The make-up is booked for the session."""
    make_up, session = world.db.get_one(MakeUp, make_up_id), world.db.get_one(ClassSession, session_id)
    return make_up_booking.book(world.db, actor, make_up.public_id, session.public_id, now)
