"""The provider's own words for a kind of message: previewed with samples, kept when they can be sent, taken back."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.messages import Written, templates, texts
from portal.messages.kinds import EVERYWHERE, Kind, tags_of
from portal.messages.letters import Reader, letter
from portal.messages.notes import Note
from portal.messages.texts import Words
from portal.models.messages import MessageTemplate
from portal.services.authority import provider_only
from portal.services.brand import brand
from portal.services.storing import store


def preview(db: Session, actor: Actor, kind: str, language: str, subject: str, text: str) -> Written:
    """The letter these words would make, filled with samples; BrokenTemplate with line and reason."""
    provider_only(actor)
    known = _checked(kind, language, subject, text)
    sample = Reader(EVERYWHERE["name"], language, EVERYWHERE["portal_url"])
    own = Words(subject, text, texts.words(known, language).button)
    note = Note(known, "/payments", tags_of(known))
    return letter(brand(db), sample, [note], lambda _kind, _language: own)


def save(db: Session, actor: Actor, kind: str, language: str, subject: str, text: str, now: datetime) -> None:
    """Use these words from now on; broken ones are refused, and those before stay in use."""
    provider_only(actor)
    known = _checked(kind, language, subject, text)
    found = db.execute(select(MessageTemplate).where(*_of(known, language)).with_for_update()).scalar()
    found = found or MessageTemplate(
        kind=known, locale=language, subject="", body_text="", body_html="", updated_at=now
    )
    found.subject, found.body_text, found.updated_at = subject.strip(), text.strip(), now
    store(db, found)


def restore(db: Session, actor: Actor, kind: str, language: str) -> None:
    """The house's words again."""
    provider_only(actor)
    db.execute(delete(MessageTemplate).where(*_of(kind, language)))


def _checked(kind: str, language: str, subject: str, text: str) -> Kind:
    """NotFound for what nobody can write anew, such as signing in."""
    if kind not in set(Kind) - {Kind.SIGN_IN} or language not in texts.LANGUAGES:
        raise NotFound
    known = Kind(kind)
    for said in (subject, text):
        if not said.strip():
            raise templates.BrokenTemplate(line=1, reason="it is empty")
        templates.check(said, tags_of(known))
    return known


def _of(kind: str, language: str) -> tuple[ColumnElement[bool], ...]:
    return (col(MessageTemplate.kind) == kind, col(MessageTemplate.locale) == language)
