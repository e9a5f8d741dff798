"""Visits that no pass pays for: what is billed, at which price, and what comes of the bill."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actor import SYSTEM
from portal.models.benefits import VisitBill
from portal.models.bookings import Attendance
from portal.models.classes import Programme
from portal.models.commerce import Order, OrderStatus, PaymentMethod, PaymentStatus
from portal.rules.conditions import Unmet
from portal.services import (
    credit,
    drop_ins,
    payments_received,
    refunds,
    visits,
)
from portal.services.refunds import Back
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.pool import WEEK, Pool, billed, key


def test_where_a_pass_is_required_a_visit_is_never_billed(pool: Pool) -> None:
    with pytest.raises(Unmet) as refused:
        pool.books(drop_ins.BILLED)
    assert key(refused) == "drop_ins.pass_required"


def test_where_the_programme_bills_a_visit_without_a_pass_is_an_order(world: Otterbrook) -> None:
    pool = billed(world)

    words = pool.books(drop_ins.BILLED)

    order, payment = pool.order()
    assert words.endswith("You find what to pay under Payments.")
    assert (order.total_minor, order.guardian_id) == (900, pool.vale.guardian_id)
    assert (payment.amount_minor, payment.due_on) == (900, TODAY + timedelta(days=10))


def test_a_billed_visit_cancelled_in_time_need_not_be_paid(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    pool.cancels()

    order, payment = pool.order()
    assert (order.status, payment.status) == (OrderStatus.CANCELLED, PaymentStatus.VOID)


def test_a_billed_visit_that_was_paid_becomes_credit(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    payment_id = pool.order()[1].id or 0
    payments_received.receive(world.db, SYSTEM, payment_id, 900, PaymentMethod.CARD, NOW)
    pool.cancels()

    assert credit.balance(world.db, pool.vale.family_id) == 900
    assert pool.order()[1].status == PaymentStatus.REFUNDED


def test_a_billed_visit_whose_card_is_being_refunded_can_be_cancelled(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    payment_id = pool.order()[1].id or 0
    payments_received.receive(world.db, SYSTEM, payment_id, 900, PaymentMethod.CARD, NOW)
    refunds.give_back(world.db, SYSTEM, payment_id, 400, Back.PAYER, "Cold water", NOW)
    pool.cancels()

    assert credit.balance(world.db, pool.vale.family_id) == 500
    assert [one.amount_minor for one in refunds.unsettled(world.db, NOW)] == [400]


def test_a_billed_visit_cancelled_late_is_still_to_pay(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    pool.cancels(at=WEEK)

    assert pool.order()[1].status == PaymentStatus.UNPAID
    assert len(world.db.execute(select(VisitBill)).all()) == 1


def costs(pool: Pool, price_minor: int) -> None:
    pool.world.db.get_one(Programme, pool.programme).unit_price_minor = price_minor
    pool.world.db.flush()


def test_a_visit_is_never_billed_for_more_than_was_shown(world: Otterbrook) -> None:
    pool = billed(world)
    programme = public_id(world, Programme, pool.programme)
    seen = visits.sheet(world.db, pool.nora, programme, "", pool.session(1), NOW)
    costs(pool, 1100)
    with pytest.raises(Unmet) as refused, world.db.begin_nested():
        drop_ins.book(world.db, pool.nora, seen, NOW)
    world.db.expunge_all()

    assert (seen.price_minor, key(refused)) == (900, "pricing.dearer")
    assert world.db.execute(select(Order)).all() == world.db.execute(select(Attendance)).all() == []
    assert miscounted(world.db) == {}
    again = visits.sheet(world.db, pool.nora, programme, "", pool.session(1), NOW)
    drop_ins.book(world.db, pool.nora, again, NOW)
    assert (again.button, pool.order()[0].total_minor) == ("Book Thu 19 March, 16:30 for €11.00", 1100)


def test_a_visit_that_has_become_cheaper_is_billed_for_less(world: Otterbrook) -> None:
    pool = billed(world)
    costs(pool, 700)
    pool.books(drop_ins.BILLED, shown_minor=900)
    assert pool.order()[0].total_minor == 700


def test_a_visit_that_a_pass_pays_for_has_no_price(pool: Pool) -> None:
    seen = visits.sheet(pool.world.db, pool.nora, pool.sells(), "", pool.session(1), NOW)
    assert (seen.by != drop_ins.BILLED, seen.price_minor) == (True, 0)
