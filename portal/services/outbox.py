"""The outbox: a message is written in the transaction of its cause, and sent after it by some worker.

A worker leases a message, sends it, and says how it went. A lease that runs out (the worker died) is taken by
another: a message may then arrive twice, and is never lost. A message of notes becomes a letter when it is leased
(services/letters.py): in its reader's language, with everything else that is due for them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlmodel import Session, col, select

from portal.messages import Written
from portal.models.messages import MessageStatus, OutboxMessage
from portal.rules import delivery
from portal.rules.sign_in import CHALLENGE_LIFE
from portal.services import letters
from portal.services.desk import Desk
from portal.services.storing import store

_REASON_MAX = 300
NOWHERE = Desk()


@dataclass(frozen=True)
class Leased:
    """A message that this worker alone may send, until its lease is over."""

    id: int
    lease: str
    public_id: str
    kind: str
    channel: str
    to_address: str
    written: Written
    attempts: int
    life: timedelta
    created_at: datetime


def queue(
    db: Session,
    kind: str,
    to_address: str,
    written: Written,
    now: datetime,
    *,
    guardian_id: int | None = None,
    family_id: int | None = None,
    secret: bool = False,
) -> int:
    """Write a message to be sent after this transaction; the row's id. A secret one's body is not kept."""
    message = OutboxMessage(
        kind=kind,
        guardian_id=guardian_id,
        family_id=family_id,
        to_address=to_address,
        subject=written.subject,
        body_text=written.text,
        body_html=written.html,
        secret=secret,
        next_try_at=now,
        created_at=now,
    )
    return store(db, message)


def next_due(db: Session) -> datetime | None:
    """When the next message wants to be sent, or taken from a worker that died; None when all are done."""
    queued = select(func.min(OutboxMessage.next_try_at)).where(OutboxMessage.status == MessageStatus.QUEUED)
    leased = select(func.min(OutboxMessage.leased_until)).where(OutboxMessage.status == MessageStatus.SENDING)
    return min(filter(None, (db.exec(queued).one(), db.exec(leased).one())), default=None)


def lease(db: Session, now: datetime, most: int, desk: Desk = NOWHERE) -> list[Leased]:
    """Up to `most` letters that are due, each leased to the caller alone; `desk` is where their links lead.

    What can wait is put off while it is quiet, what is not true any more is skipped, what is too old is given up.
    """
    oldest_first = (col(OutboxMessage.next_try_at), col(OutboxMessage.id))
    due = select(OutboxMessage).where(_due(now)).order_by(*oldest_first).limit(most)
    found = db.exec(due.with_for_update(skip_locked=True)).all()
    leased = [one for one in (_prepared(db, message, desk, now) for message in found) if one]
    for one in leased:
        if now >= one.created_at + one.life:
            failed(db, one, "it could not be sent in time", True, now)
    return [one for one in leased if now < one.created_at + one.life]


def sent(db: Session, leased: Leased, sender_message_id: str, now: datetime) -> None:
    """The sender has accepted it."""
    done = {
        "status": MessageStatus.SENT,
        "sent_at": now,
        "sender_message_id": sender_message_id[:200],
        "last_error": "",
    }
    _settle(db, leased, done)
    _empty_secrets(db, leased)


def failed(db: Session, leased: Leased, reason: str, permanent: bool, now: datetime) -> None:
    """It was not accepted: try again later, or give it up and keep the reason for staff to read."""
    again = None if permanent else delivery.next_try(leased.attempts, leased.life, leased.created_at, now)
    kept = {"last_error": reason[:_REASON_MAX]}
    if again is not None:
        _settle(db, leased, {"status": MessageStatus.QUEUED, "next_try_at": again, **kept})
        return
    _settle(db, leased, {"status": MessageStatus.GIVEN_UP, **kept})
    _empty_secrets(db, leased)


def _due(now: datetime) -> ColumnElement[bool]:
    waits = and_(col(OutboxMessage.status) == MessageStatus.QUEUED, col(OutboxMessage.next_try_at) <= now)
    left = and_(col(OutboxMessage.status) == MessageStatus.SENDING, col(OutboxMessage.leased_until) <= now)
    return or_(waits, left)


def _prepared(db: Session, message: OutboxMessage, desk: Desk, now: datetime) -> Leased | None:
    """The message as a letter, leased; None when another worker has it, or when it is not sent now."""
    db.refresh(message)
    if message.status == MessageStatus.TOGETHER:
        return None
    morning = letters.quiet_until(db, message, now)
    if morning is not None:
        _wait_until(message, morning)
        return None
    reason = letters.settle(db, message, now)
    if reason:
        message.status, message.last_error = MessageStatus.SKIPPED, reason
        db.flush()
        return None
    letters.gather(db, message, now)
    written = letters.written(db, message, desk, now)
    message.subject = written.subject
    db.flush()
    return _taken(db, message, written, now)


def _wait_until(message: OutboxMessage, at: datetime) -> None:
    """Also one whose worker died: nobody has it then."""
    message.status, message.next_try_at = MessageStatus.QUEUED, at
    message.leased_until, message.lease = None, ""


def _taken(db: Session, message: OutboxMessage, written: Written, now: datetime) -> Leased | None:
    """Compare and set: None when another worker has it."""
    mark = secrets.token_hex(16)
    taking = update(OutboxMessage).where(col(OutboxMessage.id) == message.id, _due(now))
    attempts = message.attempts + 1
    values = {
        "status": MessageStatus.SENDING,
        "lease": mark,
        "leased_until": now + delivery.LEASE,
        "attempts": attempts,
    }
    won = (
        taking.values(**values).returning(col(OutboxMessage.id)).execution_options(synchronize_session=False)
    )
    message_id = db.execute(won).scalar()
    if message_id is None:
        return None
    return Leased(
        message_id,
        mark,
        message.public_id,
        message.kind,
        message.channel,
        message.to_address,
        written,
        attempts,
        CHALLENGE_LIFE if message.secret else delivery.LIFE,
        message.created_at,
    )


def _settle(db: Session, leased: Leased, values: dict[str, object]) -> None:
    """Write how it went, unless the lease ran out and another worker has the message now."""
    mine = (col(OutboxMessage.id) == leased.id, col(OutboxMessage.lease) == leased.lease)
    db.execute(update(OutboxMessage).where(*mine).values(leased_until=None, lease="", **values))


def _empty_secrets(db: Session, leased: Leased) -> None:
    done = col(OutboxMessage.status).in_((MessageStatus.SENT, MessageStatus.GIVEN_UP))
    secret = (col(OutboxMessage.id) == leased.id, col(OutboxMessage.secret), done)
    db.execute(update(OutboxMessage).where(*secret).values(body_text="", body_html=""))
