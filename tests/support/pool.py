"""A family at a drop-in programme: what it may pay with, what it books, and what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.models.benefits import Pass, PassKind
from portal.models.bookings import Attendance
from portal.models.classes import ClassSession, PassRule, ProgrammeKind
from portal.models.commerce import Order, Payment
from portal.models.people import Member
from portal.rows.visits import VisitSheet
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    drop_ins,
    passes,
    visits,
)
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import public_id

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


class Pool:
    """The Vales, a drop-in programme, and what they may pay with."""

    def __init__(self, world: Otterbrook, **programme: object) -> None:
        policies = {"kind": ProgrammeKind.DROP_IN, "unit_price_minor": 900, "make_ups": False, **programme}
        self.world, self.vale = world, world.family("Vale", "Mila", "Theo")
        self.programme = world.programme("Open Swim", **policies)
        self.course = world.course("Open Swim", self.programme, capacity=2)

    @property
    def nora(self) -> Actor:
        return self.vale.guardian

    def member(self, name: str) -> str:
        return public_id(self.world, Member, self.vale[name])

    def session(self, weeks: int = 0) -> str:
        return public_id(self.world, ClassSession, self.world.session_on(self.course, TODAY + weeks * WEEK))

    def sells(self, entries: int | None = 3, **terms: object) -> str:
        kind = PassKind.ENTRY if entries else PassKind.PERMANENT
        new = NewPass(self.vale.family_id, kind, "Pool pass", TODAY, entries_total=entries, **terms)  # type: ignore[arg-type]
        return public_id(self.world, Pass, passes.sell(self.world.db, SYSTEM, new, "Bought", NOW))

    def books(self, by: str, name: str = "Mila", weeks: int = 1, shown_minor: int = 900) -> str:
        seen = VisitSheet(
            member=self.member(name), session=self.session(weeks), by=by, price_minor=shown_minor
        )
        return drop_ins.book(self.world.db, self.nora, seen, NOW)

    def chosen(self, opened_from: str) -> str:
        """Whom the sheet begins with."""
        seen = visits.sheet(self.world.db, self.nora, opened_from, "", "", NOW)
        return next(member.name for member in seen.members if member.chosen)

    def left(self, pass_id: str) -> int | None:
        found = select(Pass).where(col(Pass.public_id) == pass_id).execution_options(populate_existing=True)
        return self.world.db.execute(found).scalar_one().entries_left

    def visit(self, name: str = "Mila") -> Attendance:
        of = select(Attendance).where(col(Attendance.member_id) == self.vale[name])
        return self.world.db.execute(of.execution_options(populate_existing=True)).scalar_one()

    def cancels(self, name: str = "Mila", at: timedelta = timedelta()) -> None:
        attendance.cancel(self.world.db, self.nora, self.visit(name).id or 0, NOW + at)

    def order(self) -> tuple[Order, Payment]:
        orders = select(Order, Payment).join(Payment, col(Payment.order_id) == col(Order.id))
        row = self.world.db.execute(orders.execution_options(populate_existing=True)).one()
        return row[0], row[1]


def key(refused: "pytest.ExceptionInfo[Unmet]") -> str:
    return refused.value.message_key


def billed(world: Otterbrook) -> Pool:
    return Pool(world, pass_rule=PassRule.BILLED)
