"""Whatever is done, in whatever order: every ledger adds up, and nothing in it was rewritten."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import select

from portal.gateways import Standing
from portal.models.checkouts import Checkout
from tests.support import ledgers
from tests.support.ledger_story import Ledgers, open_house
from tests.support.proofs import FULL, rounds


@pytest.mark.proof
def test_every_ledger_adds_up_whatever_is_done_in_whatever_order(fresh_db: str) -> None:
    Ledgers.house = open_house()
    run_state_machine_as_test(
        Ledgers,
        settings=settings(
            max_examples=rounds(6, 2000),
            stateful_step_count=30,
            deadline=None,
            derandomize=not FULL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def story(fresh_db: str) -> Iterator[Ledgers]:
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


def test_what_a_gateway_tells_in_copies_adds_up_with_credit(story: Ledgers) -> None:
    story.buys_and_goes_to_the_gateway(family=0, amount=5000, with_credit=True)
    for standing in (Standing.PROCESSING, Standing.PAID, Standing.EXPIRED):
        story.the_gateway_tells(which=0, standing=standing, times=2)
        story.everything_adds_up_and_nothing_was_rewritten()

    assert story.db.execute(select(Checkout.status)).scalar_one() == "paid"


TAMPERINGS = (
    "update pass set entries_left = entries_left - 1",
    "update pass_entry set change = change - 1",
    "update make_up set status = 'expired'",
    "update credit_entry set balance_minor = balance_minor + 1",
    "update payment set received_minor = received_minor + 1",
    "update class_session set taken = taken + 1 where taken < capacity",
    "update attendance set status = 'cancelled' where kind = 'drop_in'",
)


def test_whatever_is_tampered_with_is_found(story: Ledgers) -> None:
    """The control: each check can fail."""
    for tampering in TAMPERINGS:
        savepoint = story.db.begin_nested()
        story.db.execute(text(tampering))
        story.db.expire_all()
        assert ledgers.faults(story.db, ledgers.rows(story.db)), tampering
        savepoint.rollback()
    story.everything_adds_up_and_nothing_was_rewritten()


def test_a_line_that_is_rewritten_is_found_though_everything_adds_up(story: Ledgers) -> None:
    story.db.execute(text("update pass_entry set cause = 'Something else'"))
    assert ledgers.faults(story.db, ledgers.rows(story.db)) == []
    with pytest.raises(AssertionError):
        story.everything_adds_up_and_nothing_was_rewritten()
