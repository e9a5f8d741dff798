from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.benefits import Pass, PassKind
from portal.models.bookings import Booking, BookingStatus, OpenReason
from portal.models.commerce import ItemKind, PaymentEvent
from portal.services import corrections, credit, ordering, passes, payments_received, vouchers
from portal.services.new_orders import NewItem, NewOrder
from portal.services.passes import NewPass
from portal.services.vouchers import NewVoucher
from tests.factories import NOW, TODAY
from tests.support.buying import ASKED_TODAY, LATER, Shop


def test_a_pass_opens_once_every_payment_of_its_order_has_arrived(shop: Shop) -> None:
    placed = shop.orders([NewItem(ItemKind.PASS, "Open Swim pass", 7500)], ASKED_TODAY, LATER)
    new = NewPass(
        shop.family.family_id,
        PassKind.ENTRY,
        "Open Swim pass",
        TODAY,
        entries_total=10,
        order_item_id=placed.item_ids[0],
        paid=False,
    )
    pass_id = passes.sell(shop.house.db, SYSTEM, new, "Bought", NOW)
    opened = []
    for part in (1, 2):
        shop.pays(placed, 3750, part=part)
        opened.append(shop.house.db.get_one(Pass, pass_id, populate_existing=True).paid)
    assert opened == [False, True]


def test_a_booking_that_waits_for_money_is_active_with_the_first_payment(shop: Shop) -> None:
    db, member = shop.house.db, shop.family["Mila"]
    booked = shop.house.enrol(member, shop.house.course(), waits_for=OpenReason.PAYMENT)
    item = NewItem(ItemKind.BOOKING, "Little Waves 2", 12000, member_id=member, booking_id=booked.booking_id)
    placed = shop.orders([item], ASKED_TODAY, LATER)
    shop.pays(placed, 5999)
    assert db.get_one(Booking, booked.booking_id, populate_existing=True).status == BookingStatus.OPEN
    shop.pays(placed, 1)
    booking = db.get_one(Booking, booked.booking_id, populate_existing=True)
    assert (booking.status, booking.open_reason) == (BookingStatus.ACTIVE, "")


def test_credit_opens_it_as_money_does(shop: Shop) -> None:
    db, member = shop.house.db, shop.family["Mila"]
    booked = shop.house.enrol(member, shop.house.course(), waits_for=OpenReason.PAYMENT)
    item = NewItem(ItemKind.BOOKING, "Little Waves 2", 900, member_id=member, booking_id=booked.booking_id)
    placed = shop.orders([item])
    first = shop.buys("Swim cap", 800)
    shop.pays(first, 1700)
    assert credit.balance(db, shop.family.family_id) == 900
    payments_received.use_credit(db, shop.family.guardian, placed.payment_ids[0], 900, "Used", NOW)
    assert db.get_one(Booking, booked.booking_id, populate_existing=True).status == BookingStatus.ACTIVE


def test_a_pass_closes_again_when_its_money_was_somebody_elses(shop: Shop) -> None:
    db = shop.house.db
    placed = shop.orders([NewItem(ItemKind.PASS, "Open Swim pass", 7500)])
    terms = {"entries_total": 10, "order_item_id": placed.item_ids[0], "paid": False}
    new = NewPass(shop.family.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, **terms)  # type: ignore[arg-type]
    pass_id = passes.sell(db, SYSTEM, new, "Bought", NOW)
    shop.pays(placed, 7500)
    came = db.execute(select(PaymentEvent).where(col(PaymentEvent.kind) == "received")).scalar_one()

    corrections.take_back(db, SYSTEM, came, NOW)
    assert not db.get_one(Pass, pass_id, populate_existing=True).paid
    shop.pays(placed, 7500)
    assert db.get_one(Pass, pass_id, populate_existing=True).paid


def test_what_a_voucher_pays_whole_is_opened_by_its_order(shop: Shop) -> None:
    db, member = shop.house.db, shop.family["Mila"]
    vouchers.give_out(db, SYSTEM, NewVoucher("GIFT", "Gift", TODAY, percent_basis_points=10_000))
    booked = shop.house.enrol(member, shop.house.course(), waits_for=OpenReason.PAYMENT)
    item = NewItem(ItemKind.BOOKING, "Little Waves 2", 12000, member_id=member, booking_id=booked.booking_id)
    new = NewOrder(shop.family.family_id, [item], [ASKED_TODAY, LATER], voucher_codes=("GIFT",))
    ordering.place(db, SYSTEM, new, NOW)

    booking = db.get_one(Booking, booked.booking_id, populate_existing=True)
    assert (booking.status, booking.open_reason) == (BookingStatus.ACTIVE, "")
