"""Consent texts as published, and what guardians answered; both are only ever added to."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.access import ConsentAnswer, ConsentVersion
from portal.services.authority import provider_only
from portal.services.storing import store


@dataclass(frozen=True)
class NewConsent:
    """A text to agree to: `kind` names what it is about in every version of it."""

    kind: str
    title: str
    summary: str
    text: str
    required: bool
    position: int


def publish(db: Session, actor: Actor, new: NewConsent, now: datetime) -> int:
    """The next version of this kind; a required one is asked of every guardian again. Its id."""
    provider_only(actor)
    newest = select(func.max(ConsentVersion.version)).where(col(ConsentVersion.kind) == new.kind)
    published = ConsentVersion(
        **asdict(new),
        version=(db.execute(newest).scalar() or 0) + 1,
        text_hash=hashlib.sha256(new.text.encode()).hexdigest(),
        published_at=now,
    )
    return store(db, published)


def answer(db: Session, guardian_id: int, answers: Mapping[int, bool], now: datetime) -> None:
    """What a guardian says to versions, by their ids, kept with the hash of what they read."""
    read = select(col(ConsentVersion.id), col(ConsentVersion.text_hash)).where(
        col(ConsentVersion.id).in_(list(answers))
    )
    hashes = dict(db.execute(read).all())
    if set(hashes) != set(answers):
        raise NotFound
    db.add_all(
        ConsentAnswer(
            guardian_id=guardian_id,
            consent_version_id=version_id,
            given=given,
            text_hash=hashes[version_id],
            at=now,
        )
        for version_id, given in answers.items()
    )
    db.flush()
