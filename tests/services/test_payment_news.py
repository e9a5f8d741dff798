from datetime import timedelta

from sqlmodel import select

from portal.actor import SYSTEM
from portal.models.commerce import Payment, PaymentMethod
from portal.services import outbox, payments_received
from tests.factories import NOW, Otterbrook
from tests.support.being_told import DESK


def test_money_that_arrives_is_told_with_the_way_to_its_payment(world: Otterbrook) -> None:
    vale = world.family("Vale")
    world.order(vale.family_id, 6200)
    payment = world.db.exec(select(Payment)).one()

    payments_received.receive(world.db, SYSTEM, payment.id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)

    letters = outbox.lease(world.db, NOW + timedelta(minutes=1), 10, DESK)
    (letter,) = (one for one in letters if "€62.00 for Thing 1 has arrived" in one.written.text)
    assert f"https://portal.example/payments?open={payment.public_id}" in letter.written.text
