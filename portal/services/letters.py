"""What an outbox message says when its turn comes: looked at again, gathered, written in its reader's language."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.errors import NotFound
from portal.keyed import keyed_hash
from portal.messages import Written
from portal.messages.kinds import MANNERS, Kind
from portal.messages.letters import Reader, letter, short
from portal.messages.notes import Note, packed, unpacked
from portal.messages.texts import Words, words
from portal.models.messages import Channel, MessageStatus, MessageTemplate, OutboxMessage
from portal.models.people import Guardian
from portal.rules import quiet
from portal.rules.delivery import LIFE
from portal.services import calendar_reading, provider, still_theirs, still_true
from portal.services.brand import brand
from portal.services.desk import Desk

MOST_TOGETHER = 12
"""Notes in one letter; the rest are the next letter."""
SETTLED = "settled before it was sent"
KINDS_APART = "~"
"""Between the kinds in the address that switches them off."""


def gather(db: Session, leader: OutboxMessage, now: datetime) -> None:
    """Everything else that is due for the same reader about the same family goes into this letter: not a burst.

    Only before its first try: a letter that may have arrived is repeated as it was, or not at all.
    """
    if leader.attempts or not leader.content or leader.guardian_id is None or _at_once(leader):
        return
    waiting = select(OutboxMessage).where(
        col(OutboxMessage.guardian_id) == leader.guardian_id,
        col(OutboxMessage.family_id) == leader.family_id,
        col(OutboxMessage.id) != leader.id,
        col(OutboxMessage.channel) == leader.channel,
        col(OutboxMessage.status) == MessageStatus.QUEUED,
        col(OutboxMessage.attempts) == 0,
        col(OutboxMessage.content) != "",
        col(OutboxMessage.next_try_at) <= now,
    )
    found = db.execute(waiting.order_by(col(OutboxMessage.id)).limit(MOST_TOGETHER - 1)).scalars().all()
    notes, reader = unpacked(leader.content), still_theirs.reader_of(db, leader)
    for one in found:
        if not _at_once(one):
            notes.extend(_joining(db, leader, one, reader, now))
    leader.content = packed(notes)


def _joining(
    db: Session, leader: OutboxMessage, one: OutboxMessage, reader: Actor, now: datetime
) -> list[Note]:
    """What this message brings into the letter: nothing when it is not sent any more, or when somebody else has it."""
    left, reason = _left(db, one, reader, now)
    fate: dict[str, object] = {"status": MessageStatus.TOGETHER, "sent_with": leader.id}
    if not left:
        fate = {"status": MessageStatus.SKIPPED, "last_error": reason}
    mine = (col(OutboxMessage.id) == one.id, col(OutboxMessage.status) == MessageStatus.QUEUED)
    won = update(OutboxMessage).where(*mine).values(**fate).returning(col(OutboxMessage.id))
    return left if db.execute(won).scalar() is not None else []


def settle(db: Session, message: OutboxMessage, now: datetime) -> str:
    """Leave out the notes that are not to be sent any more; why nothing is left, empty while something is.

    What may have arrived already is the same letter again, which is known again; another one would be a second.
    """
    if not message.content:
        return ""
    left, reason = _left(db, message, still_theirs.reader_of(db, message), now)
    if left and message.attempts == 0:
        message.content = packed(left)
    return "" if left else reason


def _left(db: Session, message: OutboxMessage, reader: Actor, now: datetime) -> tuple[list[Note], str]:
    """The notes that are still to be sent, and why the first of the others is not."""
    reasons = [(note, _why_not(db, message, reader, note, now)) for note in unpacked(message.content)]
    return [note for note, why in reasons if not why], next((why for _, why in reasons if why), SETTLED)


def _why_not(db: Session, message: OutboxMessage, reader: Actor, note: Note, now: datetime) -> str:
    stands = still_true.holds(db, note, now)
    return still_theirs.why_not(db, message, reader, note, now) or ("" if stands else SETTLED)


def written(db: Session, message: OutboxMessage, desk: Desk, now: datetime) -> Written:
    """The letter."""
    if not message.content:
        return Written(message.subject, message.body_text, message.body_html)
    notes = unpacked(message.content)
    reader = _reader(db, message, desk, notes)
    if message.channel == Channel.WHATSAPP:
        return short(brand(db), reader, notes)
    return letter(brand(db), reader, notes, partial(own_words, db), _calendar(db, message, notes, desk, now))


def quiet_until(db: Session, message: OutboxMessage, now: datetime) -> datetime | None:
    """The end of the quiet hours this message has to wait for; None when it may go now.

    One that would be too old by then to be tried again goes now: rather at night than not at all.
    """
    if not message.content or _at_once(message):
        return None
    settings = provider.get(db)
    morning = quiet.not_before(
        now, ZoneInfo(settings.timezone), settings.quiet_from_hour, settings.quiet_until_hour
    )
    lost = message.attempts > 0 and morning >= message.created_at + LIFE
    return morning if morning > now and not lost else None


def own_words(db: Session, kind: Kind, language: str) -> Words | None:
    """The provider's own words of a kind, with the house's name of the button."""
    mine = (col(MessageTemplate.kind) == kind, col(MessageTemplate.locale) == language)
    found = db.execute(select(MessageTemplate).where(*mine)).scalar()
    return Words(found.subject, found.body_text, words(kind, language).button) if found else None


def _calendar(db: Session, message: OutboxMessage, notes: Sequence[Note], desk: Desk, now: datetime) -> str:
    """The sessions that were booked or moved, as their reader's calendar would have them; empty for none."""
    told = [note.about.partition(":")[2] for note in notes if MANNERS[note.kind].dated]
    if not told or message.guardian_id is None:
        return ""
    reader = still_theirs.reader_of(db, message)
    with suppress(NotFound):
        return calendar_reading.to_keep(db, reader, told, desk.public_url, now).decode()
    return ""


def off_token(key: str, guardian_public_id: str, *kinds: str) -> str:
    """What a letter carries so that one tap switches its kinds off: it names the guardian, and nobody can make it."""
    named = f"{guardian_public_id}.{KINDS_APART.join(kinds)}"
    return f"{named}.{keyed_hash(key, 'messages-off', named)[:32]}"


def _reader(db: Session, message: OutboxMessage, desk: Desk, notes: Sequence[Note]) -> Reader:
    guardian = db.get(Guardian, message.guardian_id) if message.guardian_id else None
    if guardian is None:
        return Reader("", "en", desk.public_url)
    kinds = dict.fromkeys(note.kind for note in notes)
    off = f"{desk.public_url}{routes.MESSAGES_OFF}/{off_token(desk.key, guardian.public_id, *kinds)}"
    first_name = guardian.full_name.split(" ")[0] if guardian.full_name else ""
    return Reader(first_name, guardian.locale, desk.public_url, off)


def _at_once(message: OutboxMessage) -> bool:
    return MANNERS[Kind(message.kind)].at_once
