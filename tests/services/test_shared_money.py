"""An adult with a share sees money only when it was granted, and only of that booking."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.bookings import Share
from portal.models.commerce import ItemKind
from portal.rows.orders import OrdersView
from portal.rows.payments import PaymentsView
from portal.services import orders, payments
from portal.services.new_orders import NewItem
from portal.services.ordering import Placed
from tests.factories import NOW
from tests.support.buying import Shop
from tests.support.stories import shared_with_ruth


def class_of_mila(shop: Shop) -> tuple[int, Placed]:
    """Her booking, and the order it was bought with."""
    booked = shop.house.enrol(shop.family["Mila"], shop.house.course("Little Waves 2"))
    return booked.booking_id, shop.orders([line(shop, booked.booking_id)])


def line(shop: Shop, booking_id: int | None, label: str = "Little Waves 2") -> NewItem:
    kind = ItemKind.BOOKING if booking_id else ItemKind.GOODS
    return NewItem(kind, label, 12800, member_id=shop.family["Mila"], booking_id=booking_id)


def look(shop: Shop, actor: Actor, now: datetime = NOW, **asked: str) -> tuple[PaymentsView, OrdersView]:
    shop.house.db.flush()
    shop.house.db.info.clear()
    return payments.read(shop.house.db, actor, now, asked), orders.read(shop.house.db, actor, now, {})


def test_without_the_grant_there_is_no_money_and_a_reason(shop: Shop) -> None:
    booking_id, placed = class_of_mila(shop)
    friend = shared_with_ruth(shop.house, shop.family, booking_id)

    money, bought = look(shop, friend)

    assert money == PaymentsView(
        empty_title="No payments to show",
        empty="Payments stay with the family that shared a booking with you.",
        note=money.note,
    )
    assert bought.empty == "Orders stay with the family that shared a booking with you."
    with pytest.raises(NotFound):
        look(shop, friend, open=shop.payment(placed).public_id)


def test_with_the_grant_the_payments_of_that_booking_show_and_no_others(shop: Shop) -> None:
    booking_id, _ = class_of_mila(shop)
    shop.buys("Ballet Foundations", 6200, member="Juno")

    money, bought = look(shop, shared_with_ruth(shop.house, shop.family, booking_id, sees_payments=True))

    assert [(row.title, row.face.name, row.amount) for row in money.to_pay] == [
        ("Little Waves 2", "Mila", "€128.00")
    ]
    assert [row.title for row in bought.to_pay] == ["Little Waves 2, Mila"]
    assert money.note == "You see the payments of a booking that was shared with you, and no others."


def test_an_order_with_anything_else_in_it_stays_with_the_family(shop: Shop) -> None:
    booking_id, _ = class_of_mila(shop)
    shop.orders([line(shop, booking_id, "Little Waves 2, summer"), line(shop, None, "Swim cap")])

    money, _ = look(shop, shared_with_ruth(shop.house, shop.family, booking_id, sees_payments=True))

    assert [row.title for row in money.to_pay] == ["Little Waves 2"]


def test_who_bought_it_stays_with_the_family(shop: Shop) -> None:
    booking_id, _ = class_of_mila(shop)

    _, seen_by_ruth = look(shop, shared_with_ruth(shop.house, shop.family, booking_id, sees_payments=True))
    _, seen_by_nora = look(shop, shop.family.guardian)

    assert not seen_by_ruth.opened.buyer
    assert [fact.value for fact in seen_by_nora.opened.buyer] == ["Nora Vale"]


def test_when_the_share_is_over_so_is_the_money(shop: Shop) -> None:
    booking_id, _ = class_of_mila(shop)
    friend = shared_with_ruth(shop.house, shop.family, booking_id, sees_payments=True)

    tomorrow = NOW + timedelta(days=1)
    shop.house.db.execute(update(Share).values(until=tomorrow))

    assert look(shop, friend)[0].to_pay
    assert not look(shop, friend, tomorrow)[0].to_pay
