"""What became of each message, and why somebody got none."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.messages import Channel, MessageStatus, OutboxMessage
from portal.models.people import FamilyGuardian, Guardian
from portal.services.authority import provider_only

_MOST = 200


class Outcome(StrEnum):
    """What a mail service says of a message afterwards."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Fate:
    """One message: to whom, when, where it stands, and the reason if it did not arrive."""

    kind: str
    channel: str
    to_address: str
    subject: str
    status: MessageStatus
    reason: str
    attempts: int
    created_at: datetime
    waits_until: datetime | None
    """Of what waits: for the morning, or for its next try."""
    sent_at: datetime | None
    delivered_at: datetime | None


_WORDS = {
    MessageStatus.QUEUED: "waits to be sent",
    MessageStatus.SENDING: "is being sent",
    MessageStatus.SENT: "was accepted by the mail service",
    MessageStatus.DELIVERED: "was delivered",
    MessageStatus.BOUNCED: "came back",
    MessageStatus.GIVEN_UP: "was given up",
    MessageStatus.TOGETHER: "went in one letter with others",
    MessageStatus.SKIPPED: "was not sent",
}


def in_words(fate: Fate) -> str:
    """ "was not sent: switched off by the guardian"."""
    said = _WORDS[fate.status]
    return f"{said}: {fate.reason}" if fate.reason else said


def of_family(db: Session, actor: Actor, family_id: int) -> list[Fate]:
    """The last messages about the family and the sign-in messages of its adults, newest first. Staff only.

    What went with another message shares its fate.
    """
    provider_only(actor)
    adults = select(col(FamilyGuardian.guardian_id)).where(col(FamilyGuardian.family_id) == family_id)
    message = OutboxMessage
    of_nobody_else = and_(col(message.family_id).is_(None), col(message.guardian_id).in_(adults))
    return _fates(db, or_(col(message.family_id) == family_id, of_nobody_else))


def of_guardian(db: Session, actor: Actor, guardian: str) -> list[Fate]:
    """The last messages to one adult (the public id), about whatever family: why they got nothing. Staff only."""
    provider_only(actor)
    of = select(col(Guardian.id)).where(col(Guardian.public_id) == guardian)
    return _fates(db, col(OutboxMessage.guardian_id).in_(of))


def report(db: Session, sender_message_id: str, outcome: Outcome, reason: str, now: datetime) -> bool:
    """What the mail service says of a message it accepted; whether we know that message.

    Words that come late or twice change nothing: delivered never follows bounced, and neither is taken back.
    """
    message = OutboxMessage
    mine = (col(message.sender_message_id) == sender_message_id, col(message.channel) == Channel.EMAIL)
    if db.execute(select(col(message.id)).where(*mine)).first() is None:
        return False
    if outcome is Outcome.DELIVERED:
        still_sent = col(message.status) == MessageStatus.SENT
        values: dict[str, object] = {"status": MessageStatus.DELIVERED, "delivered_at": now}
        db.execute(update(message).where(*mine, still_sent).values(**values))
        return True
    on_its_way = col(message.status).in_((MessageStatus.SENT, MessageStatus.DELIVERED))
    bounced = {"status": MessageStatus.BOUNCED, "last_error": (reason or outcome)[:300]}
    db.execute(update(message).where(*mine, on_its_way).values(**bounced))
    return True


def _fates(db: Session, whose: ColumnElement[bool]) -> list[Fate]:
    query = select(OutboxMessage).where(whose).order_by(col(OutboxMessage.id).desc()).limit(_MOST)
    found = list(db.execute(query).scalars())
    leaders = [one.sent_with for one in found if one.sent_with is not None]
    led = select(OutboxMessage).where(col(OutboxMessage.id).in_(leaders))
    by_id = {one.id: one for one in db.execute(led).scalars()}
    return [_fate(one, by_id.get(one.sent_with, one)) for one in found]


def _fate(message: OutboxMessage, sent_as: OutboxMessage) -> Fate:
    return Fate(
        kind=message.kind,
        channel=message.channel,
        to_address=message.to_address,
        subject=sent_as.subject,
        status=MessageStatus(sent_as.status),
        reason=sent_as.last_error,
        attempts=sent_as.attempts,
        created_at=message.created_at,
        waits_until=sent_as.next_try_at if sent_as.status == MessageStatus.QUEUED else None,
        sent_at=sent_as.sent_at,
        delivered_at=sent_as.delivered_at,
    )
