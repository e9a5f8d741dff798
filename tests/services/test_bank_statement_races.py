"""The same statement by two people at once, while the same payments are made by card: every cent once."""

from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.models.banking import BankLine
from portal.models.commerce import Payment, PaymentStatus
from portal.models.documents import Invoice
from portal.services import credit
from tests.factories import Otterbrook
from tests.support.statement_racing import race
from tests.support.statements import Paid, camt

MANY = 12


def test_a_statement_is_taken_in_once_and_nobody_waits_in_a_circle(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale = world.family("Vale")
        ids = [world.order(vale.family_id, 6200).payment_ids[0] for _ in range(MANY)]
        references = [session.get_one(Payment, one).reference for one in ids]
    statement = camt(*(Paid("62.00", message=one) for one in references))

    assert race(fresh_db, statement, ids[::-1]) == [0, 0, MANY]

    with db.reading() as session:
        assert session.execute(select(func.count()).select_from(BankLine)).scalar_one() == MANY
        assert set(session.execute(select(col(Payment.status))).scalars()) == {PaymentStatus.PAID}
        assert credit.balance(session, vale.family_id) == MANY * 6200
        receipts = (
            select(col(Invoice.serial)).where(col(Invoice.kind) == "receipt").order_by(col(Invoice.serial))
        )
        assert list(session.execute(receipts).scalars()) == list(range(1, 2 * MANY + 1))
