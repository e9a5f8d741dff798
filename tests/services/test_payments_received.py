from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound, PortalError
from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.models.commerce import Payment, PaymentEvent, PaymentEventKind, PaymentMethod, PaymentStatus
from portal.services import credit, payments_received, payments_returned
from portal.services.credit import Cause, NotEnoughCredit
from portal.services.payments_received import PaymentClosed, TooMuch
from portal.services.storing import store
from tests.factories import NOW, TODAY, Household, Otterbrook

CARD = PaymentMethod.CARD


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def owed(world: Otterbrook, amount: int = 6200) -> tuple[Household, Payment]:
    vale = world.family("Vale", "Juno")
    placed = world.order(vale.family_id, amount)
    return vale, world.db.get_one(Payment, placed.payment_ids[0])


def prepaid(world: Otterbrook, vale: Household, amount: int) -> None:
    credit.move(world.db, vale.family_id, CreditEntryKind.PREPAID, amount, Cause("Prepaid"), NOW)


def receive(world: Otterbrook, payment: Payment, amount: int, **details: str) -> None:
    payments_received.receive(world.db, SYSTEM, payment.id or 0, amount, CARD, NOW, **details)


def test_what_is_paid_in_full_is_paid(world: Otterbrook) -> None:
    _, payment = owed(world)
    receive(world, payment, 6200)
    assert (payment.status, payment.received_minor, payment.paid_at, payment.method) == (
        "paid",
        6200,
        NOW,
        "card",
    )


def test_a_part_is_kept_and_the_rest_stays_due(world: Otterbrook) -> None:
    _, payment = owed(world)
    receive(world, payment, 1200)
    assert (payment.status, payment.received_minor) == (PaymentStatus.UNPAID, 1200)
    receive(world, payment, 5000)
    assert payment.status == PaymentStatus.PAID


def test_too_much_becomes_credit_and_so_does_money_for_what_is_paid(world: Otterbrook) -> None:
    vale, payment = owed(world)
    receive(world, payment, 6500)
    assert credit.balance(world.db, vale.family_id) == 300
    receive(world, payment, 100)
    assert (payment.received_minor, credit.balance(world.db, vale.family_id)) == (6200, 400)


def test_credit_pays_a_part_and_says_what_for(world: Otterbrook) -> None:
    vale, payment = owed(world)
    prepaid(world, vale, 2000)
    payments_received.use_credit(world.db, vale.guardian, payment.id or 0, 2000, "Used for ballet", NOW)
    receive(world, payment, 4200)
    assert (payment.status, payment.method) == (PaymentStatus.PAID, CARD)
    used = world.db.execute(select(CreditEntry).order_by(col(CreditEntry.serial).desc())).scalars().first()
    assert used is not None
    assert (used.cause, used.payment_id, used.order_id) == ("Used for ballet", payment.id, payment.order_id)


def test_credit_never_goes_below_zero(world: Otterbrook) -> None:
    vale, payment = owed(world)
    prepaid(world, vale, 1999)
    with pytest.raises(NotEnoughCredit):
        payments_received.use_credit(world.db, vale.guardian, payment.id or 0, 2000, "Used", NOW)
    assert credit.balance(world.db, vale.family_id) == 1999


def test_the_table_itself_refuses_a_negative_balance_and_a_second_serial(world: Otterbrook) -> None:
    vale, _ = owed(world)
    prepaid(world, vale, 100)
    for serial, balance in ((2, -1), (1, 100)):
        entry = CreditEntry(
            family_id=vale.family_id, serial=serial, kind="used", change_minor=0, balance_minor=balance,
            currency="EUR", cause="", at=NOW,
        )  # fmt: skip
        with pytest.raises(IntegrityError), world.db.begin_nested():
            store(world.db, entry)


def test_an_announced_transfer_is_on_its_way_until_the_provider_has_it(world: Otterbrook) -> None:
    vale, payment = owed(world)
    payments_received.announce(world.db, vale.guardian, payment.id or 0, NOW)
    assert (payment.status, payment.announced_on) == (PaymentStatus.PROCESSING, TODAY)
    with pytest.raises(PaymentClosed):
        payments_received.announce(world.db, vale.guardian, payment.id or 0, NOW)
    receive(world, payment, 6200)
    assert payment.status == PaymentStatus.PAID


def test_a_refund_to_credit_gives_back_what_came(world: Otterbrook) -> None:
    vale, payment = owed(world)
    receive(world, payment, 6200)
    payments_returned.refund_to_credit(world.db, SYSTEM, payment.id or 0, 1200, "One week less", NOW)
    assert (payment.status, payment.refunded_minor) == (PaymentStatus.PAID, 1200)
    payments_returned.refund_to_credit(world.db, SYSTEM, payment.id or 0, 5000, "Moved away", NOW)
    assert (payment.status, credit.balance(world.db, vale.family_id)) == (PaymentStatus.REFUNDED, 6200)
    with pytest.raises(TooMuch):
        payments_returned.refund_to_credit(world.db, SYSTEM, payment.id or 0, 1, "Again", NOW)


def test_one_bank_line_is_taken_in_once(world: Otterbrook) -> None:
    _, payment = owed(world)
    receive(world, payment, 100, external_id="bank:1")
    with pytest.raises(IntegrityError), world.db.begin_nested():
        receive(world, payment, 100, external_id="bank:1")


def test_only_the_provider_says_that_money_came(world: Otterbrook) -> None:
    vale, payment = owed(world)
    with pytest.raises(NotAllowed):
        payments_received.receive(world.db, vale.guardian, payment.id or 0, 6200, CARD, NOW)


def test_another_familys_payment_is_not_found(world: Otterbrook) -> None:
    _, payment = owed(world)
    bell = world.family("Bell")
    with pytest.raises(NotFound):
        payments_received.announce(world.db, bell.guardian, payment.id or 0, NOW)


ACTS: dict[str, Callable[[Session, int, int], None]] = {
    "receive": lambda db, payment, amount: payments_received.receive(db, SYSTEM, payment, amount, CARD, NOW),
    "use credit": lambda db, payment, amount: payments_received.use_credit(
        db, SYSTEM, payment, amount, "Used", NOW
    ),
    "refund": lambda db, payment, amount: payments_returned.refund_to_credit(
        db, SYSTEM, payment, amount, "Back", NOW
    ),
    "announce": lambda db, payment, _amount: payments_received.announce(db, SYSTEM, payment, NOW),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1), st.integers(-10, 9000)), max_size=14)
)
def test_whatever_is_done_no_cent_appears_or_vanishes(
    fresh_db: str, acts: list[tuple[str, int, int]]
) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        family_id = world.family().family_id
        placed = world.order(family_id, 6200, 300, due=(TODAY, TODAY))
        for act, which, amount in acts:
            try:
                with session.begin_nested():
                    ACTS[act](session, placed.payment_ids[which], amount)
            except PortalError:
                continue
        _check(session, family_id)


def _check(session: Session, family_id: int) -> None:
    entries = (
        session.execute(select(CreditEntry).where(col(CreditEntry.family_id) == family_id)).scalars().all()
    )
    running = 0
    for serial, entry in enumerate(sorted(entries, key=lambda one: one.serial), start=1):
        running += entry.change_minor
        assert (entry.serial, entry.balance_minor) == (serial, running)
    assert running == credit.balance(session, family_id) >= 0
    moved = select(func.coalesce(func.sum(col(PaymentEvent.amount_minor)), 0)).where(
        col(PaymentEvent.family_id) == family_id
    )
    came = session.execute(moved.where(col(PaymentEvent.kind) == PaymentEventKind.RECEIVED)).scalar_one()
    payments = session.execute(select(Payment).where(col(Payment.family_id) == family_id)).scalars().all()
    kept = sum(payment.received_minor - payment.refunded_minor for payment in payments)
    assert came == kept + running
    assert all(
        (payment.received_minor == payment.amount_minor) == (payment.paid_at is not None)
        for payment in payments
    )
