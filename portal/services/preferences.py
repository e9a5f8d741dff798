"""Which messages a guardian wants, on which channel, in which language."""

from collections.abc import Iterable
from datetime import datetime
from hmac import compare_digest

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.messages import texts
from portal.messages.kinds import Kind
from portal.models.messages import Channel, MessagePreference
from portal.models.people import Guardian
from portal.rows.account import LanguageChoice, MessageChoice
from portal.services.consent_card import guardian_of
from portal.services.letters import KINDS_APART, off_token
from portal.services.storing import store

CHOICES = (
    (Kind.PAYMENT_UPCOMING, "A payment comes up", "Three days before it is asked for"),
    (Kind.PAYMENT_DUE, "A payment is due", "On the day it is asked for"),
    (Kind.PAYMENT_OVERDUE, "A payment was missed", "The day after, and once more a week later"),
    (Kind.PAYMENT_RECEIVED, "Your money has arrived", "Every payment, also by bank transfer"),
    (Kind.SESSION_TOMORROW, "A session tomorrow", "The afternoon before"),
    (Kind.SESSION_BOOKED, "A session you booked", "With a file for your calendar"),
    (Kind.SESSION_CHANGED, "A session is moved", "As soon as we know"),
    (Kind.SESSION_CANCELLED, "A session does not take place", "As soon as we know"),
    (Kind.MAKE_UP_AVAILABLE, "A make-up to book", "When you have a new one"),
    (Kind.MAKE_UP_EXPIRING, "A make-up is about to end", "A week before"),
    (Kind.MAKE_UP_OFFER, "A place for a make-up", "When one opens that you asked for"),
    (Kind.PASS_EXPIRING, "A pass is about to end", "Two weeks before"),
    (Kind.TRIAL_OFFER, "An offer after a trial", "When the place is kept for you"),
    (Kind.WAITING_LIST_OFFER, "A place from the waiting list", "When it is your turn"),
    (Kind.DOCUMENT_READY, "A document is ready", "Invoices, receipts and credit notes"),
)
"""What can be switched, in the order and words of the account page."""

OWN_NAMES = {"en": "English", "sk": "Slovenčina", "cs": "Čeština", "de": "Deutsch"}


def choices(switched: Iterable[MessagePreference], *, whatsapp: bool) -> tuple[MessageChoice, ...]:
    """Every kind that can be switched, as a guardian who `switched` these has it; `whatsapp`: whether it is offered."""
    said = {(one.kind, one.channel): one.wanted for one in switched}
    return tuple(
        MessageChoice(
            kind=kind,
            title=title,
            words=words,
            email=said.get((kind, Channel.EMAIL), True),
            whatsapp=said.get((kind, Channel.WHATSAPP), False),
            has_whatsapp=whatsapp,
        )
        for kind, title, words in CHOICES
    )


def prefer(db: Session, actor: Actor, kind: str, channel: str, wanted: bool, _now: datetime) -> None:
    """This kind on this channel, or not; NotFound for what nobody can switch."""
    if kind not in {one for one, _, _ in CHOICES} or channel not in set(Channel):
        raise NotFound
    _set(db, guardian_of(actor), kind, channel, wanted)


def languages(locale: str) -> tuple[LanguageChoice, ...]:
    """Every language we write in, as a guardian of this locale has it."""
    spoken = texts.language(locale)
    return tuple(LanguageChoice(one, OWN_NAMES[one], one == spoken) for one in texts.LANGUAGES)


def speak(db: Session, actor: Actor, language: str, _now: datetime) -> None:
    """Write to this guardian in this language from now on; NotFound for one we do not write in."""
    if language not in texts.LANGUAGES:
        raise NotFound
    guardian = db.get_one(Guardian, guardian_of(actor))
    guardian.locale = language
    store(db, guardian)


def switch_off(db: Session, key: str, token: str) -> str:
    """What a letter's own link does for whoever holds it: its kinds by e-mail are off. Their titles, in words."""
    titles = behind(key, token)
    guardian_public_id, kinds, _ = token.split(".")
    there = (col(Guardian.public_id) == guardian_public_id, col(Guardian.erased_at).is_(None))
    found = db.execute(select(col(Guardian.id)).where(*there)).scalar()
    if found is None:
        raise NotFound
    for kind in kinds.split(KINDS_APART):
        _set(db, found, kind, Channel.EMAIL, False)
    return titles


def behind(key: str, token: str) -> str:
    """What the link would switch off, without doing it: mail programs look at links.

    NotFound for a token that this server did not make.
    """
    guardian_public_id, named, _ = (*token.split("."), "", "")[:3]
    kinds = named.split(KINDS_APART)
    titles = [title for kind, title, _ in CHOICES if kind in kinds]
    ours = compare_digest(token.encode(), off_token(key, guardian_public_id, *kinds).encode())
    if not ours or len(titles) != len(kinds):
        raise NotFound
    return "” and “".join(titles)


def _set(db: Session, guardian_id: int, kind: str, channel: str, wanted: bool) -> None:
    preference = MessagePreference
    mine = (
        col(preference.guardian_id) == guardian_id,
        col(preference.kind) == kind,
        col(preference.channel) == channel,
    )
    # The guardian's row is the lock: two taps at once are one answer.
    db.execute(select(col(Guardian.id)).where(col(Guardian.id) == guardian_id).with_for_update())
    found = db.execute(select(preference).where(*mine)).scalar()
    found = found or preference(guardian_id=guardian_id, kind=kind, channel=channel, wanted=wanted)
    found.wanted = wanted
    store(db, found)
