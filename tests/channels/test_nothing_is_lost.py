"""From the outbox through a real mail server that misbehaves: every message arrives, or its end is known."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from portal import clock, db
from portal.channels.smtp import SmtpSender
from portal.jobs import deliver
from portal.mail_route import MailRoute
from portal.messages import Written
from portal.models.messages import MessageStatus, OutboxMessage
from portal.services import outbox
from tests.channels.conftest import MailServer
from tests.factories import NOW
from tests.support.proofs import rounds

MESSAGES = rounds(5, 200)
"""Five kinds of trouble: a thousand in the full proof."""


class LateClock:
    """Each look is a little later, so that every retry comes due."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def late(fresh_db: str) -> Iterator[LateClock]:
    made = LateClock()
    clock.use(made)
    with db.unit_of_work() as session:
        for number in range(MESSAGES):
            outbox.queue(
                session, "payment_due", f"guardian{number}@vale.example", Written("s", "t", "h"), NOW
            )
    yield made
    clock.use(None)


def send_all(server: MailServer, late: LateClock) -> None:
    sender = SmtpSender(MailRoute("smtp", "127.0.0.1", server.port), "hello@portal.example", timeout=0.2)
    with db.unit_of_work() as session:
        leased = outbox.lease(session, late.now, MESSAGES)
    for one in leased:
        deliver(sender, one)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("at", "reply"),
    [("RCPT", "450 busy"), ("DATA", "451 later"), ("drop", ""), ("hang", ""), ("away", "")],
)
def test_after_any_trouble_that_passes_every_message_arrives(
    late: LateClock, mail_server: MailServer, at: str, reply: str
) -> None:
    port = mail_server.port
    mail_server.at, mail_server.reply = at, reply
    mail_server.port = 9 if at == "away" else port
    for _ in range(3):
        send_all(mail_server, late)
        late.now += timedelta(minutes=2)
    mail_server.at, mail_server.port = "", port
    mail_server.let_go.set()
    send_all(mail_server, late)

    reached = {envelope.rcpt_tos[0] for envelope in mail_server.received}
    assert reached == {f"guardian{number}@vale.example" for number in range(MESSAGES)}
    assert _statuses() == {MessageStatus.SENT}


def test_a_mailbox_that_does_not_exist_is_known_as_such(late: LateClock, mail_server: MailServer) -> None:
    mail_server.at, mail_server.reply = "RCPT", "550 no such mailbox"
    send_all(mail_server, late)

    assert _statuses() == {MessageStatus.GIVEN_UP}
    with db.reading() as session:
        assert set(session.exec(select(OutboxMessage.last_error))) == {"550 no such mailbox"}


def _statuses() -> set[str]:
    with db.reading() as session:
        return set(session.exec(select(OutboxMessage.status)))
