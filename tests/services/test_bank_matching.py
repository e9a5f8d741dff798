"""Bank lines and a person: matched by hand, taken apart again, and corrected by rows."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.banking import BankLine
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import PaymentEvent, PaymentEventKind, PaymentMethod, PaymentStatus
from portal.models.documents import Invoice
from portal.models.people import Family
from portal.services import (
    bank_matching,
    corrections,
    credit,
    ordering,
    payments_received,
    payments_returned,
    refunds,
)
from portal.services.bank_matching import NotMatched, NotWaiting
from portal.services.corrections import AlreadyGivenBack
from portal.services.credit import Cause, NotEnoughCredit
from portal.services.refunds import Back
from tests.factories import NOW, Household, Otterbrook
from tests.support.bank_desk import bring_in, line, owed, payment, stands
from tests.support.statements import Paid


def test_a_person_says_which_payment_a_line_is_for(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"))
    staff = world.staff()

    bank_matching.assign(world.db, staff, line(world).public_id, due.public_id, NOW)

    assert stands(world, due) == ("paid", 6200)
    assert (line(world).staff_id, line(world).family_id) == (staff.staff_id, vale.family_id)
    with pytest.raises(NotWaiting):
        bank_matching.assign(world.db, staff, line(world).public_id, due.public_id, NOW)


def test_a_person_says_whose_money_it_is_or_that_it_is_nobodys(world: Otterbrook, vale: Household) -> None:
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"), Paid("5.00", payer="Refund", iban="XX2"))
    first, second = world.db.execute(select(BankLine).order_by(col(BankLine.id))).scalars()
    family = world.db.get_one(Family, vale.family_id)
    bank_matching.assign_to_family(world.db, SYSTEM, first.public_id, family.public_id, NOW)
    bank_matching.put_aside(world.db, SYSTEM, second.public_id, "From the power company", NOW)

    assert credit.balance(world.db, vale.family_id) == 6200
    assert (first.status, second.status) == ("matched", "ignored")


def test_a_guardian_matches_nothing(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"))
    for act in (bank_matching.assign, bank_matching.assign_to_family):
        with pytest.raises(NotAllowed):
            act(world.db, vale.guardian, line(world).public_id, due.public_id, NOW)
    with pytest.raises(NotAllowed):
        bank_matching.unmatch(world.db, vale.guardian, line(world).public_id, NOW)
    with pytest.raises(NotFound):
        bank_matching.assign(world.db, SYSTEM, "notthere", due.public_id, NOW)


def test_a_match_is_taken_apart_by_correcting_rows_and_may_be_made_again(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("70.00", message=due.reference))
    assert credit.balance(world.db, vale.family_id) == 800

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("unpaid", 0)
    assert credit.balance(world.db, vale.family_id) == 0
    events = world.db.execute(select(PaymentEvent).order_by(col(PaymentEvent.id))).scalars().all()
    assert [(event.kind, event.amount_minor) for event in events] == [
        ("asked", 6200),
        ("received", 7000),
        ("corrected", -7000),
    ]
    with pytest.raises(NotMatched):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)
    bank_matching.assign(world.db, SYSTEM, line(world).public_id, due.public_id, NOW)
    assert stands(world, due) == ("paid", 6200)
    assert credit.balance(world.db, vale.family_id) == 800


def test_a_receipt_of_money_that_was_not_theirs_is_corrected_by_another(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference))
    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    receipts = select(Invoice).where(col(Invoice.kind) == "receipt").order_by(col(Invoice.id))
    first, second = world.db.execute(receipts).scalars()
    assert (second.total_minor, second.refers_to_id) == (-6200, first.id)


def test_a_payment_made_twice_is_still_paid_when_one_was_not_theirs(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference, day="2026-03-10"))
    bring_in(world, Paid("62.00", message=due.reference))
    assert credit.balance(world.db, vale.family_id) == 6200

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("paid", 6200)
    assert credit.balance(world.db, vale.family_id) == 0


def test_credit_that_was_used_cannot_be_taken_back(world: Otterbrook, vale: Household) -> None:
    bring_in(world, Paid("62.00", message=f"OTF{vale.family_id}"))
    cause = Cause("Used")
    credit.move(world.db, vale.family_id, CreditEntryKind.USED, -100, cause, NOW)

    with pytest.raises(NotEnoughCredit):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_money_that_was_refunded_cannot_be_taken_back(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference))
    payments_returned.refund_to_credit(world.db, SYSTEM, due.id or 0, 1000, "Back", NOW)

    with pytest.raises(AlreadyGivenBack):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_money_for_what_is_paid_or_void_is_credit_and_can_be_taken_apart(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)
    due = payment(world, placed.payment_ids[0])
    bring_in(world, Paid("62.00", message=due.reference))
    assert (stands(world, due), credit.balance(world.db, vale.family_id)) == (("void", 0), 6200)

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)
    assert (stands(world, due), credit.balance(world.db, vale.family_id)) == (("void", 0), 0)


def test_what_is_taken_apart_of_a_cancelled_order_is_not_asked_for_again(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    due = payment(world, placed.payment_ids[0])
    bring_in(world, Paid("62.00", message=due.reference))
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("void", 0)


def test_what_a_gateway_is_asked_to_give_back_is_not_taken_for_a_transfer(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    payments_received.receive(world.db, SYSTEM, due.id or 0, 3000, PaymentMethod.CARD, NOW)
    bring_in(world, Paid("32.00", message=due.reference))
    refunds.give_back(world.db, SYSTEM, due.id or 0, 6200, Back.PAYER, "Moved away", NOW)

    with pytest.raises(AlreadyGivenBack):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_only_the_provider_corrects(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    payments_received.receive(world.db, SYSTEM, due.id or 0, 6200, PaymentMethod.CASH, NOW)
    came = select(PaymentEvent).where(col(PaymentEvent.kind) == PaymentEventKind.RECEIVED)
    with pytest.raises(NotAllowed):
        corrections.take_back(world.db, vale.guardian, world.db.execute(came).scalar_one(), NOW)
    assert stands(world, due) == (PaymentStatus.PAID, 6200)
