"""What the house asks of a gateway by itself: how a visit ended that nobody told of, and refunds until it answers."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from portal import db, gateway_jobs
from portal.actor import SYSTEM
from portal.gateways import GatewayAway, GatewayRefused, Standing, registry
from portal.models.checkouts import Checkout
from portal.models.commerce import Payment, PaymentStatus, Refund, RefundStatus
from portal.services import refunds
from portal.services.refunds import Back
from tests.factories import NOW
from tests.support.visits import QuietGateway, planned

LATER = NOW + timedelta(days=2)


class Moody(QuietGateway):
    """Answers a refund with `trouble` while there is any."""

    trouble: Exception | None = None
    asked = 0

    def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        self.asked += 1
        if self.trouble:
            raise self.trouble
        super().refund(external_id, amount_minor, key)


@pytest.fixture
def gateway(fresh_db: str, tmp_path: Path) -> Iterator[Moody]:
    """In use, with one family at its page, who pays while our gateway's message is lost."""
    made = Moody(tmp_path, "a secret", "https://portal.example")
    before = registry.in_use()
    registry.use({"demo": made})
    made.decide(planned(made, 1)[0].external_id, Standing.PAID)
    yield made
    registry.use(before)


def payments(session: Session) -> list[Payment]:
    return list(session.exec(select(Payment)))


def refund_status() -> str:
    with db.reading() as session:
        return session.exec(select(Refund)).one().status


def visit() -> str:
    with db.reading() as session:
        return session.exec(select(Checkout)).one().external_id or ""


def a_refund_is_asked_for() -> None:
    gateway_jobs.ask_gateways(LATER)
    with db.unit_of_work() as session:
        paid = payments(session)[0]
        refunds.give_back(session, SYSTEM, paid.id or 0, 1000, Back.PAYER, "Given back", LATER)


def test_a_visit_that_nobody_told_of_is_asked_about_once_its_time_is_over(gateway: Moody) -> None:
    gateway_jobs.ask_gateways(NOW)
    with db.reading() as session:
        assert {one.status for one in payments(session)} == {PaymentStatus.UNPAID}

    for _ in range(2):
        gateway_jobs.ask_gateways(LATER)

    with db.reading() as session:
        assert [(one.status, one.received_minor) for one in payments(session)] == [
            (PaymentStatus.PAID, one.amount_minor) for one in payments(session)
        ]


def test_a_refund_is_asked_for_again_until_it_is_taken_and_given_once(
    gateway: Moody, caplog: pytest.LogCaptureFixture
) -> None:
    a_refund_is_asked_for()
    gateway.trouble = GatewayAway()
    with caplog.at_level(logging.WARNING, "portal.gateway_jobs"):
        gateway_jobs.send_refunds(LATER)
    assert (refund_status(), gateway.present(visit()).refunded_minor) == (RefundStatus.ASKED, 0)
    assert "a refund was not taken by demo: checkout.gateway_away" in caplog.text

    gateway.trouble = None
    for _ in range(2):
        gateway_jobs.send_refunds(LATER)

    assert gateway.present(visit()).refunded_minor == 1000


def test_a_refund_that_the_gateway_refuses_is_told_and_not_asked_for_again(
    gateway: Moody, caplog: pytest.LogCaptureFixture
) -> None:
    a_refund_is_asked_for()
    gateway.trouble = GatewayRefused()
    with caplog.at_level(logging.WARNING, "portal.gateway_jobs"):
        for _ in range(2):
            gateway_jobs.send_refunds(LATER)

    assert (refund_status(), gateway.asked) == (RefundStatus.REFUSED, 1)
    assert "a refund was not taken by demo: refunds.gateway_refused" in caplog.text


def test_a_refund_is_heard_of_though_the_message_about_it_is_lost(gateway: Moody) -> None:
    a_refund_is_asked_for()
    for _ in range(2):
        gateway_jobs.send_refunds(LATER)

    assert (refund_status(), gateway.asked) == (RefundStatus.DONE, 1)
    with db.reading() as session:
        assert sum(one.refunded_minor for one in payments(session)) == 1000
