"""How many queries each page makes for the demo's guardian, the frame's own included."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import event, select
from sqlmodel import col

from portal import db
from portal.actor import Actor, ActorKind
from portal.models.access import LoginSession
from portal.models.bookings import Booking
from portal.models.commerce import Order
from portal.pages.sections import SECTIONS
from portal.services import shell


def queries(folder: Path, guardian_id: int, now: datetime) -> dict[str, int]:
    """By the page's title; BEGIN is no query."""
    bound = db.bind(f"sqlite:///{folder / 'portal.db'}")
    made: list[str] = []
    event.listen(bound, "before_cursor_execute", lambda *told: made.append(told[2]))
    with db.reading() as session:
        login = (
            session.execute(select(LoginSession).where(col(LoginSession.guardian_id) == guardian_id))
            .scalars()
            .first()
        )
        assert login is not None
        actor = Actor(ActorKind.GUARDIAN, login.id, guardian_id, login.family_id)
        ours = login.family_id
        booking = (
            session.execute(select(Booking.public_id).where(Booking.family_id == ours)).scalars().first()
        )
        order = session.execute(select(Order.public_id).where(Order.family_id == ours)).scalars().first()
    asked = {"booking_id": str(booking), "order_id": str(order)}
    counted = {}
    for section in SECTIONS:
        made.clear()
        with db.reading() as session:
            shell.read(session, actor, now)
            section.state.service(session, actor, now, asked)
        counted[section.title] = sum(not one.startswith("BEGIN") for one in made)
    bound.dispose()
    return counted
