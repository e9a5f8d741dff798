"""A place that is kept for Theo, and what it costs his family."""

from sqlalchemy import select

from portal.actor import SYSTEM
from portal.models.bookings import Booking
from portal.models.commerce import Order
from portal.models.discounts import DiscountKind
from portal.rows.offers import OfferSheet
from portal.services import (
    discounts,
    place_offers,
    timetable,
    waiting_list,
)
from portal.services.discounts import NewDiscount
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import public_id

FULL, LATE, LESS = 16000, 14000, 12600
"""Of eight sessions seven are to come; a brother or sister takes off a tenth."""


class Place:
    """Mila has a class; a place in another is kept for Theo, whose family has a sibling discount."""

    def __init__(self, world: Otterbrook) -> None:
        self.world, self.vale = world, world.family("Vale", "Mila", "Theo")
        self.milas = world.enrol(self.vale["Mila"], world.course("Little Waves 2"))
        self.sibling = self.grants(DiscountKind.SIBLING, "Sibling, 10%")
        self.course = world.course("Stroke School 2", capacity=0, price_minor=FULL)
        waits = waiting_list.join(world.db, SYSTEM, self.vale["Theo"], self.course, NOW)
        self.booking = public_id(world, Booking, waits)

    def grants(self, kind: DiscountKind, name: str) -> int:
        new = NewDiscount(self.vale.family_id, kind, name, TODAY, percent_basis_points=1000, automatic=True)
        return discounts.grant(self.world.db, SYSTEM, new, NOW)

    def is_kept(self) -> None:
        timetable.change_capacity(self.world.db, SYSTEM, self.course, 1, NOW)

    def opens(self, code: str = "") -> OfferSheet:
        return place_offers.sheet(self.world.db, self.vale.guardian, self.booking, code, NOW)

    def presses(self, seen: OfferSheet) -> None:
        place_offers.accept(self.world.db, self.vale.guardian, seen, NOW)

    def orders(self) -> list[Order]:
        return list(self.world.db.execute(select(Order)).scalars())
