from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from portal import changes, db
from portal.messages import Written
from portal.models.messages import MessageStatus, OutboxMessage
from portal.rules import delivery
from portal.services import outbox
from portal.services.outbox import Leased
from tests.factories import NOW

WRITTEN = Written("Subject", "the text", "<p>the text</p>")
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _database(fresh_db: str) -> None:
    """Every test has one of its own."""


def queue(*, secret: bool = False, now: datetime = NOW) -> int:
    with db.unit_of_work() as session:
        return outbox.queue(session, "sign_in", "nora@vale.example", WRITTEN, now, secret=secret)


def lease(now: datetime = NOW, most: int = 10) -> list[Leased]:
    with db.unit_of_work() as session:
        return outbox.lease(session, now, most)


def failed(leased: Leased, now: datetime, *, permanent: bool = False) -> None:
    with db.unit_of_work() as session:
        outbox.failed(session, leased, "451 try later", permanent, now)


def sent(leased: Leased, now: datetime = NOW) -> None:
    with db.unit_of_work() as session:
        outbox.sent(session, leased, "sender's id", now)


def message() -> OutboxMessage:
    with db.reading() as session:
        return session.exec(select(OutboxMessage)).one()


def test_a_message_is_leased_to_one_worker(fresh_db: str) -> None:
    queue()

    assert [one.to_address for one in lease()] == ["nora@vale.example"]
    assert lease() == []


def test_a_message_of_an_undone_transaction_was_never_there() -> None:
    def cause_that_fails() -> None:
        with db.unit_of_work() as session:
            outbox.queue(session, "sign_in", "nora@vale.example", WRITTEN, NOW)
            raise RuntimeError("the cause fails")

    with pytest.raises(RuntimeError):
        cause_that_fails()

    assert lease() == []


def test_whoever_sends_hears_of_a_message_once_it_is_committed() -> None:
    heard: list[frozenset[str]] = []
    deaf = changes.listen(heard.append)
    with db.unit_of_work() as session:
        outbox.queue(session, "sign_in", "nora@vale.example", WRITTEN, NOW)
        assert heard == []
    deaf()

    assert heard == [frozenset({changes.OUTBOX})]


def test_a_message_of_a_worker_that_died_is_sent_by_another() -> None:
    queue()
    (dead,) = lease()

    assert lease(NOW + delivery.LEASE - SECOND) == []
    (other,) = lease(NOW + delivery.LEASE)
    assert other.public_id == dead.public_id, "the same key, so that a sender may know it again"
    assert other.attempts == 2


def test_a_worker_whose_lease_ran_out_no_longer_decides() -> None:
    queue()
    (slow,) = lease()
    (other,) = lease(NOW + delivery.LEASE)
    failed(slow, NOW + delivery.LEASE, permanent=True)
    sent(other)

    assert message().status == MessageStatus.SENT


def test_a_failed_message_is_tried_again_later() -> None:
    queue()
    failed(lease()[0], NOW)

    assert message().status == MessageStatus.QUEUED
    assert message().last_error == "451 try later"
    assert lease(NOW + 4 * SECOND) == []
    assert len(lease(NOW + 5 * SECOND)) == 1


def test_a_message_refused_for_ever_is_given_up_with_its_reason() -> None:
    queue()
    failed(lease()[0], NOW, permanent=True)

    assert (message().status, message().last_error) == (MessageStatus.GIVEN_UP, "451 try later")
    assert message().body_text == "the text", "staff may read what did not arrive"


@pytest.mark.parametrize("permanent", [None, True])
def test_a_secret_body_is_emptied_once_it_is_sent_or_given_up(permanent: bool | None) -> None:
    queue(secret=True)
    (leased,) = lease()
    if permanent is None:
        sent(leased)
    else:
        failed(leased, NOW, permanent=permanent)

    assert (message().body_text, message().body_html) == ("", "")


def test_a_secret_body_stays_while_it_may_still_be_sent() -> None:
    queue(secret=True)
    failed(lease()[0], NOW)

    assert message().body_text == "the text"


def test_a_sign_in_message_is_not_sent_once_its_code_is_over() -> None:
    queue(secret=True)

    assert lease(NOW + timedelta(minutes=10)) == []
    assert message().status == MessageStatus.GIVEN_UP
    assert message().body_text == ""


def test_the_next_time_to_look_is_when_something_is_due() -> None:
    def due() -> datetime | None:
        with db.reading() as session:
            return outbox.next_due(session)

    assert due() is None
    queue()
    assert due() == NOW
    (leased,) = lease()
    assert due() == NOW + delivery.LEASE
    sent(leased)
    assert due() is None
