"""Telling guardians: a message in the transaction of its cause, to those who want it, when they want it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal import changes
from portal.db import touch
from portal.ids import new_public_id
from portal.messages.kinds import MANNERS
from portal.messages.notes import Note, packed
from portal.models.bookings import Share
from portal.models.messages import Channel, MessagePreference, MessageStatus, OutboxMessage
from portal.models.people import FamilyGuardian, Guardian
from portal.models.provider import ProviderSettings
from portal.rules import quiet
from portal.services import provider

GATHER = timedelta(seconds=20)
"""What can wait, waits so long for its like: a burst becomes one letter."""
SWITCHED_OFF = "switched off by the guardian"


@dataclass(frozen=True)
class Hearer:
    """A guardian who is told, with what their language needs."""

    guardian_id: int
    email: str
    locale: str
    phone: str = ""
    ours: bool = True
    """Of the family itself: whoever a booking is only shared with is told of no money."""


Telling = Callable[[Hearer], Note]
"""A note in the language of whoever hears it."""


def tell_family(db: Session, family_id: int, telling: Telling, now: datetime, once: str = "") -> None:
    """Tell every guardian of the family. `once` names what must never be told twice ("payment_due:ID")."""
    _tell(db, of_family(db, family_id), family_id, telling, now, once)


def tell_about_booking(
    db: Session, family_id: int, booking_id: int, telling: Telling, now: datetime, once: str = ""
) -> None:
    """Tell the family, and those the booking is shared with who get its messages."""
    ours = of_family(db, family_id)
    known = {one.guardian_id for one in ours}
    others = (one for one in _sharing(db, booking_id, now) if one.guardian_id not in known)
    _tell(db, (*ours, *(replace(one, ours=False) for one in others)), family_id, telling, now, once)


def tell_guardian(
    db: Session, guardian_id: int, family_id: int | None, telling: Telling, now: datetime, once: str = ""
) -> None:
    """Tell one guardian."""
    _tell(db, _hearers(db, col(Guardian.id) == guardian_id), family_id, telling, now, once)


def of_family(db: Session, family_id: int) -> list[Hearer]:
    """Everybody of the family who can be written to."""
    of = select(col(FamilyGuardian.guardian_id)).where(col(FamilyGuardian.family_id) == family_id)
    return _hearers(db, col(Guardian.id).in_(of))


def _sharing(db: Session, booking_id: int, now: datetime) -> list[Hearer]:
    shares = select(col(Share.guardian_id)).where(
        col(Share.booking_id) == booking_id,
        col(Share.gets_messages),
        col(Share.revoked_at).is_(None),
        col(Share.until).is_(None) | (col(Share.until) > now),
    )
    return _hearers(db, col(Guardian.id).in_(shares))


def _hearers(db: Session, who: object) -> list[Hearer]:
    columns = (col(Guardian.id), col(Guardian.email), col(Guardian.locale), col(Guardian.phone))
    query = select(*columns).where(who, col(Guardian.erased_at).is_(None)).order_by(col(Guardian.id))  # type: ignore[arg-type]
    return [Hearer(*row) for row in db.execute(query)]


@dataclass(frozen=True)
class _Occasion:
    """Of which family, under which name it is told once, when."""

    family_id: int | None
    once: str
    now: datetime


def _tell(
    db: Session,
    hearers: Iterable[Hearer],
    family_id: int | None,
    telling: Telling,
    now: datetime,
    once: str,
) -> None:
    if once and _was_told(db, once):
        return
    settings = provider.get(db)
    for hearer in hearers:
        note = telling(hearer)
        for channel, wanted in _channels(db, settings, hearer, note).items():
            row = _row(hearer, note, channel, _Occasion(family_id, once, now))
            row["next_try_at"] = _when(settings, note, now)
            if not wanted:
                row |= {"status": MessageStatus.SKIPPED, "last_error": SWITCHED_OFF}
            _queue(db, row)


def _was_told(db: Session, once: str) -> bool:
    """Somebody was told of it; a shortcut, for the constraint is what decides."""
    key = col(OutboxMessage.once_key)
    return db.execute(select(key).where(key >= f"{once}:", key < f"{once};").limit(1)).first() is not None


def wants(db: Session, guardian_id: int, note: Note, channel: str) -> bool:
    """Whether the guardian wants this kind there: e-mail unless they said no, WhatsApp once they said yes."""
    if MANNERS[note.kind].always:
        return channel == Channel.EMAIL
    said = select(col(MessagePreference.wanted)).where(
        col(MessagePreference.guardian_id) == guardian_id,
        col(MessagePreference.kind) == note.kind,
        col(MessagePreference.channel) == channel,
    )
    answered = db.execute(said).scalar()
    return channel == Channel.EMAIL if answered is None else answered


def _channels(db: Session, settings: ProviderSettings, hearer: Hearer, note: Note) -> dict[Channel, bool]:
    """E-mail, and whether it is wanted; WhatsApp where the provider offers it and the guardian wants it."""
    said = {Channel.EMAIL: wants(db, hearer.guardian_id, note, Channel.EMAIL)}
    if settings.whatsapp and hearer.phone and wants(db, hearer.guardian_id, note, Channel.WHATSAPP):
        said[Channel.WHATSAPP] = True
    return said


def _when(settings: ProviderSettings, note: Note, now: datetime) -> datetime:
    if MANNERS[note.kind].at_once:
        return now
    zone = ZoneInfo(settings.timezone)
    return quiet.not_before(now + GATHER, zone, settings.quiet_from_hour, settings.quiet_until_hour)


def _row(hearer: Hearer, note: Note, channel: Channel, occasion: _Occasion) -> dict[str, object]:
    once = f"{occasion.once}:{hearer.guardian_id}:{channel}" if occasion.once else None
    return {
        "public_id": new_public_id(),
        "channel": channel,
        "kind": note.kind,
        "guardian_id": hearer.guardian_id,
        "family_id": occasion.family_id,
        "to_address": hearer.email if channel is Channel.EMAIL else hearer.phone,
        "content": packed([note]),
        "once_key": once,
        "status": MessageStatus.QUEUED,
        "created_at": occasion.now,
        **dict.fromkeys(
            ("subject", "body_text", "body_html", "lease", "last_error", "sender_message_id"), ""
        ),
        "secret": False,
        "attempts": 0,
    }


def _queue(db: Session, row: dict[str, object]) -> None:
    """What was told once is not told again, whoever asks and however often: the constraint decides."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    db.execute(insert(OutboxMessage).values(**row).on_conflict_do_nothing(index_elements=["once_key"]))
    touch(db, changes.OUTBOX)
