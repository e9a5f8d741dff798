"""Whatever is done, in whatever order: every ledger adds up, and nothing in it was rewritten."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import Phase
from sqlalchemy import text

from portal.gateways import Standing
from portal.services import credit
from portal.services.refunds import Back
from tests.support import ledgers, money_ledgers, story
from tests.support.books import Books
from tests.support.ledger_story import Ledgers, open_house
from tests.support.money_story import Money, open_shop
from tests.support.online_story import BEGINNINGS, Beginning
from tests.support.proofs import rounds
from tests.support.story import Story

EXAMPLES = rounds(6, 2000)
OF_EACH_BEGINNING = rounds(3, 500)
STEPS = 30
REACHED = ("gateway: paid", "gateway: processing", "gateway: expired", "gateway: given back")
"""What the stories about money are for: at least one in ten comes as far."""


@pytest.mark.proof
def test_every_ledger_adds_up_whatever_is_done_in_whatever_order(fresh_db: str) -> None:
    story.tell(Ledgers, open_house(), EXAMPLES, STEPS)


@pytest.mark.proof
def test_money_adds_up_whatever_is_done_in_whatever_order(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, reached = open_shop(), Counter[str]()
    for beginning in BEGINNINGS:
        monkeypatch.setattr(Money, "begins", beginning)
        reached += story.tell(Money, shop, OF_EACH_BEGINNING, STEPS)

    told = reached[story.STORIES]
    shares = {what: f"{count / told:.0%}" for what, count in reached.most_common()}
    print(f"{told} stories about money; in so many: {shares}")
    assert all(reached[what] >= told / 10 for what in REACHED), shares


@pytest.fixture
def visitor(fresh_db: str) -> Iterator[Ledgers]:
    """A family that has visited, cancelled and paid ahead."""
    Ledgers.house = open_house()
    told = Ledgers()
    told.visits(who=0, at=0, card=0)
    told.cannot_come(which=1)
    told.pays_ahead(family=0, amount=500)
    told.visits(who=0, at=1, card=3)
    told.everything_adds_up_and_nothing_was_rewritten()
    yield told
    told.teardown()


@pytest.fixture
def payer(fresh_db: str) -> Iterator[Money]:
    """A family that has paid online and at the bank, in part with credit, and has some of it back."""
    Money.house = open_shop()
    told = Money()
    told.is_given_credit(family=1, amount=1000, kind="prepaid")
    told.pays_everything_online(family=1, with_credit=True, standing=Standing.PAID)
    told.pays_everything_online(family=0, with_credit=False, standing=Standing.PAID)
    told.money_comes_to_the_bank(which=0, family=0, amount=900, says="payment")
    told.staff_give_back(which=1, amount=450, to=Back.PAYER)
    told.staff_give_back(which=1, amount=450, to=Back.CREDIT)
    told.everything_under_way_ends()
    told.everything_adds_up_and_nothing_was_rewritten()
    yield told
    told.teardown()


def found_in(told: Story) -> list[str]:
    books = Books(told.db)
    return [*ledgers.faults(books), *money_ledgers.faults(books)]


OF_BENEFITS = (
    "update pass set entries_left = entries_left - 1",
    "update pass_entry set change = change - 1",
    "update make_up set status = 'expired'",
    "update credit_entry set balance_minor = balance_minor + 1",
    "update class_session set taken = taken + 1 where taken < capacity",
    "update attendance set status = 'cancelled' where kind = 'drop_in'",
    "delete from pass_entry",
    "delete from make_up_entry",
)
OF_MONEY = (
    "update payment set received_minor = received_minor + 1",
    "update payment set amount_minor = amount_minor + 1",
    "update payment set refunded_minor = 0",
    "update payment set status = 'unpaid'",
    'update "order" set total_minor = total_minor + 1',
    "update checkout set received_minor = received_minor + 1",
    "update checkout set amount_minor = amount_minor + 1",
    "update bank_line set status = 'waiting'",
    "update refund set settled_at = null",
    "update invoice set total_minor = total_minor + 1 where kind = 'receipt'",
    "update invoice set serial = serial + 1 where serial = (select max(serial) from invoice)",
    "delete from credit_entry where kind = 'used'",
    "delete from credit_entry where kind = 'refund'",
    "delete from payment_event where kind = 'credit_used'",
    "update payment_event set amount_minor = amount_minor - 1 where kind = 'refunded'",
)


def test_whatever_is_tampered_with_is_found(visitor: Ledgers) -> None:
    """The control: each check can fail."""
    is_found(visitor, OF_BENEFITS)


def test_money_that_is_tampered_with_is_found(payer: Money) -> None:
    """The control: each check can fail."""
    is_found(payer, OF_MONEY)


def is_found(told: Story, tamperings: tuple[str, ...]) -> None:
    assert found_in(told) == []
    for tampering in tamperings:
        savepoint = told.db.begin_nested()
        told.db.execute(text(tampering))
        assert found_in(told), tampering
        savepoint.rollback()
    told.is_looked_at = False
    told.everything_adds_up_and_nothing_was_rewritten()


BEHIND_THE_BOOKS = (
    ("update credit_entry set cause = 'Something else'", "CreditEntry"),
    ("update payment_event set note = 'Something else'", "PaymentEvent"),
    ("update invoice set content = '{}'", "Invoice"),
    ("update refund set status = 'asked', settled_at = null", "Refund 1 was done and is asked"),
    ("update checkout set status = 'open'", "Checkout 1 was paid and is open"),
)


@pytest.mark.parametrize(("tampering", "told_of"), BEHIND_THE_BOOKS)
def test_what_is_rewritten_or_goes_back_is_found_though_everything_adds_up(
    payer: Money, tampering: str, told_of: str
) -> None:
    payer.db.execute(text(tampering))
    payer.is_looked_at = False
    assert found_in(payer) == []
    with pytest.raises(AssertionError, match=told_of):
        payer.everything_adds_up_and_nothing_was_rewritten()


def test_stories_find_a_ledger_that_loses_a_row(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the stories themselves: a product that forgets to write down what credit paid."""
    move = credit.move

    def forgets(*arguments: object) -> object:
        return None if arguments[2] == "used" else move(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(credit, "move", forgets)
    # Where the first visit has come to nothing there is much to pay with credit.
    monkeypatch.setattr(Money, "begins", Beginning(Standing.EXPIRED))
    with pytest.raises(AssertionError, match="left the credit"):
        story.tell(Money, open_shop(), 200, STEPS, phases=(Phase.generate,))
