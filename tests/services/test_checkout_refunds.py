"""What a gateway gives back: what was asked of it, and what it gives by itself."""

from dataclasses import replace

from sqlmodel import col, select

from portal.actor import SYSTEM
from portal.models.commerce import Payment, PaymentEvent, PaymentMethod
from portal.models.people import AuditEntry
from portal.services import credit, payments_received, payments_returned, refunds
from portal.services.checkouts import Begun
from portal.services.refunds import Back
from tests.factories import NOW, Household, Otterbrook
from tests.support.paying import LATER, asks_back, begin, present, stands, tell


def paid_twice(world: Otterbrook, vale: Household, payment: Payment) -> Begun:
    """By transfer while a visit to the gateway was open: the card's money is the family's credit."""
    begun = begin(world, vale, payment)
    payments_received.receive(world.db, SYSTEM, payment.id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)
    tell(world, present(begun))
    return begun


def test_refunds_come_in_parts_and_count_once(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    paid = present(begun)
    tell(world, paid)

    tell(world, replace(paid, refunded_minor=1000), "evt_2")
    tell(world, replace(paid, refunded_minor=1000), "evt_3")
    tell(world, replace(paid, refunded_minor=14800), "evt_4")

    assert stands(world) == [("refunded", 6200, 6200), ("refunded", 8600, 8600)]
    refunds = select(PaymentEvent.amount_minor).where(PaymentEvent.kind == "refunded")
    assert sum(world.db.exec(refunds).all()) == 14800


def test_a_refund_heard_of_before_its_payment_is_taken_in_with_it(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])

    tell(world, present(begun, refunded_minor=6200), "evt_refund_first")
    tell(world, present(begun, refunded_minor=6200), "evt_paid_later")

    assert stands(world)[0] == ("refunded", 6200, 6200)


def test_a_refund_of_money_that_had_become_credit_takes_the_credit_and_leaves_the_payment(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = paid_twice(world, vale, owed[0])
    assert credit.balance(world.db, vale.family_id) == 6200

    tell(world, present(begun, refunded_minor=6200), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 0)
    assert credit.balance(world.db, vale.family_id) == 0


def test_what_goes_back_beyond_what_is_left_is_written_down_for_staff(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    payments_returned.refund_to_credit(world.db, SYSTEM, owed[0].id or 0, 6200, "A gift", NOW)

    tell(world, present(begun, refunded_minor=6200), "evt_2")

    assert "checkout.refunded_beyond" in world.db.exec(select(AuditEntry.action)).all()


def test_a_refund_that_staff_ask_for_goes_to_the_payment_it_is_meant_for(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    second = world.db.exec(select(Payment).order_by(col(Payment.due_on).desc())).first()
    assert second
    (asked,) = refunds.give_back(world.db, SYSTEM, second.id or 0, 1000, Back.PAYER, "Moved away", NOW)
    assert refunds.paid_through(world.db, asked.payment_id, 1000) == ("demo", f"ext_{begun.checkout}")

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({asked.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert refunds.unsettled(world.db, LATER) == []
    why = select(PaymentEvent.note).where(PaymentEvent.kind == "refunded")
    assert world.db.exec(why).all() == ["Moved away"]


def test_of_two_refunds_of_the_same_sum_the_one_that_was_given_is_done(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    first, second = (asks_back(world, one, 1000) for one in owed)

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({second.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert refunds.unsettled(world.db, LATER) == [first]


def test_more_than_was_asked_for_goes_back_and_all_of_it_counts(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    asked = asks_back(world, owed[0], 1000)

    tell(world, replace(present(begun, refunded_minor=3000), given=frozenset({asked.key})), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 3000)
    assert world.db.exec(select(AuditEntry.action)).all() == ["refund.asked"]


def test_what_is_kept_aside_for_a_refund_is_not_taken_for_another(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    asked = asks_back(world, owed[0], 6200)

    tell(world, present(begun, refunded_minor=8600), "evt_2")
    assert stands(world) == [("paid", 6200, 0), ("refunded", 8600, 8600)]
    tell(world, replace(present(begun, refunded_minor=14800), given=frozenset({asked.key})), "evt_3")

    assert stands(world) == [("refunded", 6200, 6200), ("refunded", 8600, 8600)]
    assert refunds.unsettled(world.db, LATER) == []


def test_a_refund_that_staff_ask_for_leaves_credit_alone(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    payments_received.receive(world.db, SYSTEM, owed[0].id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)
    tell(world, present(begun))
    asked = asks_back(world, owed[1], 1000)

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({asked.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert credit.balance(world.db, vale.family_id) == 6200


def test_a_card_that_has_its_money_back_is_not_asked_to_give_it_again(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = paid_twice(world, vale, owed[0])
    tell(world, present(begun, refunded_minor=6200), "evt_2")

    given = refunds.give_back(world.db, SYSTEM, owed[0].id or 0, 6200, Back.PAYER, "Moved away", NOW)

    assert given == []
    assert stands(world)[0] == ("refunded", 6200, 6200)
