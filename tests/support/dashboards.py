"""A booking's own page, and the money of a booking."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.models.bookings import Booking
from portal.models.commerce import ItemKind
from portal.rows.bookings import BookingView, Detail
from portal.services import (
    booking,
    ordering,
)
from portal.services.enrolment import Booked
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import NOW, TODAY, Household, Otterbrook

LONG_AGO = NOW - timedelta(days=60)
THREE_WEEKS = timedelta(weeks=3)


def page(world: Otterbrook, actor: Actor, booking_id: int, **asked: str) -> BookingView:
    """The dashboard as this actor sees it after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return booking.read(world.db, actor, NOW, {"booking_id": public_id_of(world, booking_id), **asked})


def milas(world: Otterbrook, **details: Any) -> tuple[Household, Booked]:
    """Mila in a course that began three weeks ago."""
    vale = world.family("Vale", "Mila", "Theo")
    course = world.course(starts_on=TODAY - THREE_WEEKS, **details)
    return vale, world.enrol(vale["Mila"], course, LONG_AGO)


def detail(view: BookingView, label: str) -> Detail | None:
    """One line of the details."""
    return next((line for line in view.details if line.label == label), None)


def public_id_of(world: Otterbrook, booking_id: int) -> str:
    found = world.db.execute(select(col(Booking.public_id)).where(col(Booking.id) == booking_id)).scalar()
    return found or "nosuchbooking"


def order_of(world: Otterbrook, home: Household, booked: Booked, due: tuple[date, ...] = (TODAY,)) -> None:
    """The booking alone, in as many instalments as there are days."""
    item = NewItem(
        ItemKind.BOOKING, "Little Waves 2", 12800, member_id=home["Mila"], booking_id=booked.booking_id
    )
    dates = [DueDate(min(day, TODAY), day) for day in due]
    ordering.place(world.db, SYSTEM, NewOrder(home.family_id, [item], dates), NOW)
