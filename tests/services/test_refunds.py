from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed
from portal.gateways import GatewayRefused
from portal.models.commerce import (
    Order,
    OrderStatus,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from portal.models.documents import Invoice, InvoiceKind
from portal.services import credit, payments_received, payments_returned, provider, refunds
from portal.services.ordering import Placed
from portal.services.payments_received import TooMuch
from portal.services.refunds import AskedRefund, Back
from tests.factories import NOW, Otterbrook
from tests.support.buying import ASKED_TODAY, LATER, Shop
from tests.support.proofs import rounds
from tests.support.racing import WON, race

RACES = rounds(5, 200)
CARD, BANK = PaymentMethod.CARD, PaymentMethod.BANK_TRANSFER


def give_back(shop: Shop, placed: Placed, amount: int, to: Back) -> list[AskedRefund]:
    return refunds.give_back(shop.house.db, SYSTEM, placed.payment_ids[0], amount, to, "Given back", NOW)


def paid(shop: Shop, method: PaymentMethod = CARD, amount: int = 6200) -> Placed:
    placed = shop.buys("Ballet", 6200)
    shop.pays(placed, amount, method)
    return placed


def answered(shop: Shop, asked: AskedRefund, name: str = "re_1") -> None:
    session, amount = shop.house.db, asked.amount_minor
    kept_aside = session.execute(select(Refund).where(col(Refund.public_id) == asked.key)).scalar_one()
    payments_returned.answered(kept_aside, NOW)
    payments_returned.refund_to_payer(session, SYSTEM, asked.payment_id, amount, NOW, name)


def test_a_part_to_credit_leaves_the_payment_paid_and_the_rest_makes_it_refunded(shop: Shop) -> None:
    placed = paid(shop)
    assert give_back(shop, placed, 1200, Back.CREDIT) == []
    assert shop.payment(placed).status == PaymentStatus.PAID
    give_back(shop, placed, 5000, Back.CREDIT)
    assert shop.payment(placed).status == PaymentStatus.REFUNDED
    assert credit.balance(shop.house.db, shop.family.family_id) == 6200


def test_money_from_a_card_counts_as_refunded_when_the_gateway_says_so(shop: Shop) -> None:
    placed = paid(shop)
    (asked,) = give_back(shop, placed, 6200, Back.PAYER)
    assert (asked.amount_minor, asked.currency) == (6200, "EUR")
    assert (shop.payment(placed).status, shop.payment(placed).refunded_minor) == (PaymentStatus.PAID, 0)
    answered(shop, asked)
    assert shop.payment(placed).status == PaymentStatus.REFUNDED
    assert shop.house.db.execute(select(col(Refund.status))).scalars().all() == [RefundStatus.DONE]


def test_what_the_gateway_was_asked_for_cannot_be_given_back_another_way(shop: Shop) -> None:
    placed = paid(shop)
    give_back(shop, placed, 6000, Back.PAYER)
    for to in Back:
        with pytest.raises(TooMuch):
            give_back(shop, placed, 201, to)
    give_back(shop, placed, 200, Back.CREDIT)


def test_what_the_gateway_refuses_can_be_given_back_as_credit(shop: Shop) -> None:
    placed = paid(shop)
    (asked,) = give_back(shop, placed, 6200, Back.PAYER)
    refunds.refused(shop.house.db, SYSTEM, asked.key, NOW)
    give_back(shop, placed, 6200, Back.CREDIT)
    assert shop.payment(placed).status == PaymentStatus.REFUNDED


def test_a_refusal_that_comes_after_the_money_changes_nothing(shop: Shop) -> None:
    (asked,) = give_back(shop, paid(shop), 6200, Back.PAYER)
    answered(shop, asked)
    refunds.refused(shop.house.db, SYSTEM, asked.key, NOW)
    assert shop.house.db.execute(select(col(Refund.status))).scalar_one() == RefundStatus.DONE


def test_money_goes_back_the_ways_it_came(shop: Shop) -> None:
    placed = paid(shop, BANK, 2200)
    shop.pays(placed, 3000, CARD)
    shop.pays(placed, 1000, PaymentMethod.CASH)
    asked = give_back(shop, placed, 5700, Back.PAYER)
    assert [one.amount_minor for one in asked] == [3000]
    rows = select(col(PaymentEvent.method), col(PaymentEvent.amount_minor))
    went = shop.house.db.execute(rows.where(col(PaymentEvent.kind) == PaymentEventKind.REFUNDED)).all()
    assert [tuple(row) for row in went] == [("bank_transfer", 2200), ("cash", 500)]


def test_what_credit_had_paid_is_credit_again(shop: Shop) -> None:
    house, family_id = shop.house, shop.family.family_id
    placed = shop.buys("Ballet", 6200)
    payments_received.receive(house.db, SYSTEM, shop.buys("Cap", 1).payment_ids[0], 5001, BANK, NOW)
    payments_received.use_credit(house.db, SYSTEM, placed.payment_ids[0], 5000, "Used", NOW)
    shop.pays(placed, 1200)
    (asked,) = give_back(shop, placed, 6200, Back.PAYER)
    assert (asked.amount_minor, credit.balance(house.db, family_id)) == (1200, 5000)


@pytest.mark.parametrize("amount", [0, -1, 6201])
def test_never_more_than_came_and_never_nothing(shop: Shop, amount: int) -> None:
    placed = paid(shop)
    for to in Back:
        with pytest.raises(TooMuch):
            give_back(shop, placed, amount, to)


def test_a_family_does_not_refund_itself(shop: Shop) -> None:
    placed, who = paid(shop), shop.family.guardian
    with pytest.raises(NotAllowed):
        refunds.give_back(shop.house.db, who, placed.payment_ids[0], 1, Back.CREDIT, "Mine", NOW)
    with pytest.raises(NotAllowed):
        refunds.cancel_order(shop.house.db, who, placed.order_id, None, "Mine", NOW)


def test_a_cancelled_order_is_void_where_unpaid_and_goes_back_where_paid(shop: Shop) -> None:
    placed = shop.buys("Ballet", 9000, ASKED_TODAY, LATER)
    shop.pays(placed, 4500)
    (asked,) = refunds.cancel_order(shop.house.db, SYSTEM, placed.order_id, Back.PAYER, "Moved away", NOW)
    assert asked.amount_minor == 4500
    assert shop.payment(placed, 2).status == PaymentStatus.VOID
    answered(shop, asked)
    assert shop.payment(placed).status == PaymentStatus.REFUNDED
    notes = select(func.sum(col(Invoice.total_minor))).where(col(Invoice.kind) == InvoiceKind.CREDIT_NOTE)
    assert shop.house.db.execute(notes).scalar() == -9000


def test_what_the_gateway_gave_back_is_a_card_s_whatever_paid_last(shop: Shop) -> None:
    placed = paid(shop, amount=2000)
    shop.pays(placed, 4200, BANK)
    (asked,) = give_back(shop, placed, 2000, Back.PAYER)
    answered(shop, asked)

    assert give_back(shop, placed, 4200, Back.PAYER) == []
    assert shop.payment(placed).status == PaymentStatus.REFUNDED
    assert credit.balance(shop.house.db, shop.family.family_id) == 0


def test_cancelled_without_a_word_about_the_money_it_stays(shop: Shop) -> None:
    placed = paid(shop)
    assert refunds.cancel_order(shop.house.db, SYSTEM, placed.order_id, None, "", NOW) == []
    assert shop.house.db.get_one(Order, placed.order_id).status == OrderStatus.CANCELLED
    assert shop.payment(placed).refunded_minor == 0


def test_money_on_its_way_to_a_cancelled_order_becomes_credit(shop: Shop) -> None:
    placed = shop.buys("Ballet", 6200)
    payments_received.announce(shop.house.db, SYSTEM, placed.payment_ids[0], NOW)
    refunds.cancel_order(shop.house.db, SYSTEM, placed.order_id, Back.PAYER, "Moved away", NOW)
    shop.pays(placed, 6200, BANK)
    assert shop.payment(placed).status == PaymentStatus.VOID
    assert credit.balance(shop.house.db, shop.family.family_id) == 6200


def test_the_gateway_is_asked_after_the_transaction_and_again_until_it_answers(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        house = Otterbrook(session)
        shop = Shop(house, house.family("Vale", "Mila"))
        (asked,) = give_back(shop, paid(shop), 6200, Back.PAYER)
    with db.reading() as session:
        assert refunds.unsettled(session, NOW - timedelta(minutes=1)) == []
        assert refunds.unsettled(session, NOW) == [asked]
    told: list[AskedRefund] = []
    refunds.send(told.append, SYSTEM, asked, NOW)
    assert told == [asked]

    def no(_asked: AskedRefund) -> None:
        raise GatewayRefused

    with pytest.raises(GatewayRefused):
        refunds.send(no, SYSTEM, asked, NOW)
    with db.reading() as session:
        assert refunds.unsettled(session, NOW) == []


@pytest.mark.proof
def test_of_two_who_give_the_same_money_back_one_does(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        house = Otterbrook(session)
        shop = Shop(house, house.family("Vale", "Mila"))
        ids = [str(paid(shop).payment_ids[0]) for _ in range(RACES)]
    attempts = [[(SYSTEM, (one, to)) for to in Back] for one in ids]
    outcomes = race(fresh_db, "refund", attempts)

    assert {tuple(sorted(both)) for both in outcomes} == {("payments.too_much", WON)}
    with db.reading() as session:
        gone = session.execute(select(func.sum(col(Payment.refunded_minor)))).scalar_one()
        aside = session.execute(select(func.coalesce(func.sum(col(Refund.amount_minor)), 0))).scalar_one()
    assert gone + aside == RACES * 6200
    print(f"{RACES} payments, two processes: {RACES} refunds, never above what was received")


def test_what_was_paid_in_part_and_given_back_stays_open_with_the_rest(shop: Shop) -> None:
    """A credit note takes off what went back; the invoice still stands for the rest, and so does the payment."""
    session = shop.house.db
    provider.save(session, SYSTEM, {"invoices": True}, NOW)
    placed = shop.buys("Ballet Foundations", 6200)
    shop.pays(placed, 2000, PaymentMethod.CASH)
    refunds.give_back(session, SYSTEM, placed.payment_ids[0], 2000, Back.PAYER, "One week less", NOW)
    payment = shop.payment(placed)
    assert (payment.status, payment.amount_minor - payment.received_minor) == ("unpaid", 4200)
    stands_for = select(func.sum(col(Invoice.total_minor))).where(col(Invoice.kind) != InvoiceKind.RECEIPT)
    assert session.execute(stands_for).scalar_one() == 4200

    shop.pays(placed, 4200)
    assert shop.payment(placed).status == "paid"
