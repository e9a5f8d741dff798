from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.models.commerce import (
    ItemKind,
    Order,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
)
from portal.models.discounts import Discount, DiscountKind, OrderDiscount
from portal.services import discounts, ordering, payments_received
from portal.services.discounts import NewDiscount
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import NothingToOrder
from portal.services.price_offers import DiscountNotUsable
from tests.factories import NOW, TODAY, Household, Otterbrook

THIRDS = tuple(TODAY + timedelta(days=30 * at) for at in range(3))


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def payments(world: Otterbrook, order_id: int) -> list[Payment]:
    rows = select(Payment).where(col(Payment.order_id) == order_id).order_by(col(Payment.position))
    return list(world.db.execute(rows).scalars())


def grant(world: Otterbrook, vale: Household, **values: object) -> int:
    new = NewDiscount(vale.family_id, DiscountKind.GRANTED, "Welcome", TODAY, **values)  # type: ignore[arg-type]
    return discounts.grant(world.db, SYSTEM, new, NOW)


def place(world: Otterbrook, vale: Household, price: int, *discount_ids: int) -> int:
    items = [NewItem(ItemKind.GOODS, "Swim cap", price, discount_ids=discount_ids)]
    order = NewOrder(vale.family_id, items, [DueDate(TODAY, TODAY)])
    placed = ordering.place(world.db, SYSTEM, order, NOW)
    return world.db.get_one(Order, placed.order_id).total_minor


def test_instalments_add_up_to_the_total_with_no_cent_lost(world: Otterbrook) -> None:
    vale = world.family()
    placed = world.order(vale.family_id, 10000, due=THIRDS)
    assert [payment.amount_minor for payment in payments(world, placed.order_id)] == [3334, 3333, 3333]
    assert world.db.get_one(Order, placed.order_id).total_minor == 10000


def test_every_payment_has_its_own_reference_and_says_that_it_was_asked(world: Otterbrook) -> None:
    vale = world.family()
    placed = world.order(vale.family_id, 600, due=THIRDS)
    references = [payment.reference for payment in payments(world, placed.order_id)]
    assert references == [f"{placed.number.replace('-', '')}-{at}" for at in (1, 2, 3)]
    assert set(world.db.execute(select(col(PaymentEvent.kind))).scalars()) == {PaymentEventKind.ASKED}


def test_numbers_have_no_gap(world: Otterbrook) -> None:
    vale = world.family()
    numbers = [world.order(vale.family_id).number for _ in range(3)]
    assert numbers == ["OT-2001", "OT-2002", "OT-2003"]


def test_an_order_that_fails_leaves_no_gap(world: Otterbrook) -> None:
    vale = world.family()
    with pytest.raises(NotFound), world.db.begin_nested():
        place(world, vale, 1000, 999)
    assert world.order(vale.family_id).number == "OT-2001"


def test_discounts_come_off_one_after_the_other_and_are_written_down(world: Otterbrook) -> None:
    vale = world.family()
    tenth, fifteen = grant(world, vale, percent_basis_points=1000), grant(world, vale, amount_minor=1500)
    assert place(world, vale, 12000, tenth, fifteen) == 12000 - 1200 - 1500
    assert world.db.execute(select(func.sum(col(OrderDiscount.amount_minor)))).scalar() == 2700


def test_a_discount_for_one_use_is_used_once(world: Otterbrook) -> None:
    vale = world.family()
    once = grant(world, vale, amount_minor=1500, uses_left=1)
    assert place(world, vale, 1000, once) == 0
    with pytest.raises(DiscountNotUsable):
        place(world, vale, 1000, once)
    assert world.db.get_one(Discount, once, populate_existing=True).uses_left == 0


def test_an_expired_discount_is_refused(world: Otterbrook) -> None:
    vale = world.family()
    over = grant(world, vale, amount_minor=100, valid_until=date(2026, 3, 11))
    with pytest.raises(DiscountNotUsable):
        place(world, vale, 1000, over)


def test_another_familys_discount_is_not_found(world: Otterbrook) -> None:
    vale, bell = world.family(), world.family("Bell")
    with pytest.raises(NotFound):
        place(world, bell, 1000, grant(world, vale, amount_minor=100))


def test_an_order_names_what_was_bought(world: Otterbrook) -> None:
    vale = world.family()
    items = [NewItem(ItemKind.PASS, "Open Swim pass", 7500), NewItem(ItemKind.GOODS, "Swim cap", 800)]
    placed = ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, items, [DueDate(TODAY, TODAY)]), NOW)
    assert payments(world, placed.order_id)[0].label == "Open Swim pass and swim cap"


def test_what_costs_nothing_is_paid_at_once(world: Otterbrook) -> None:
    vale = world.family()
    payment = payments(world, world.order(vale.family_id, 0).order_id)[0]
    assert (payment.status, payment.paid_at) == (PaymentStatus.PAID, NOW)


def test_an_empty_order_is_refused(world: Otterbrook) -> None:
    vale = world.family()
    with pytest.raises(NothingToOrder):
        ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, [], [DueDate(TODAY, TODAY)]), NOW)


def test_cancelling_an_order_voids_what_is_unpaid(world: Otterbrook) -> None:
    vale = world.family()
    placed = world.order(vale.family_id, 600, due=THIRDS)
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)
    assert world.db.get_one(Order, placed.order_id).status == OrderStatus.CANCELLED
    assert {payment.status for payment in payments(world, placed.order_id)} == {PaymentStatus.VOID}


def test_what_a_cancelled_order_voids_is_in_the_ledger_of_its_payment_once(world: Otterbrook) -> None:
    vale = world.family()
    placed = world.order(vale.family_id, 600, due=THIRDS)
    payments_received.receive(world.db, SYSTEM, placed.payment_ids[0], 200, PaymentMethod.CASH, NOW)
    payments_received.receive(world.db, SYSTEM, placed.payment_ids[1], 50, PaymentMethod.CASH, NOW)

    for _ in range(2):
        ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)

    voided = select(col(PaymentEvent.payment_id), col(PaymentEvent.amount_minor)).where(
        col(PaymentEvent.kind) == PaymentEventKind.VOIDED
    )
    found = sorted(tuple(row) for row in world.db.execute(voided))
    assert found == [(placed.payment_ids[1], 150), (placed.payment_ids[2], 200)]
