"""The consent card: the newest texts a guardian has not answered yet, and their answer to them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal import i18n
from portal.actor import Actor, ActorKind
from portal.errors import NotAllowed, PortalError
from portal.models.access import ConsentAnswer, ConsentVersion
from portal.rows.common import ConsentChoice
from portal.rows.consent import ConsentView
from portal.services import consents


class NeededConsent(PortalError):
    """A text that is needed to run the classes was not agreed to."""

    message_key = "consent.needed"


def read(db: Session, actor: Actor, _now: datetime, asked: Mapping[str, str]) -> ConsentView:
    """One query: the questions that wait, in the provider's order. Nothing is ticked beforehand."""
    asks = waiting(db, actor)
    return ConsentView(
        choices=tuple(_choice(version) for version in asks),
        shown=" ".join(key(version) for version in asks),
        problem=_problem(asked.get("problem", "")),
        next=asked.get("next", ""),
    )


def _problem(key: str) -> str:
    """The one refusal that this page tells, in words."""
    return i18n.say(key) if key == NeededConsent.message_key else ""


def waiting(db: Session, actor: Actor) -> list[ConsentVersion]:
    """The newest version of each kind that this guardian never answered; old answers do not carry over."""
    answered = select(col(ConsentAnswer.consent_version_id)).where(
        col(ConsentAnswer.guardian_id) == guardian_of(actor)
    )
    query = newest_versions().where(col(ConsentVersion.id).not_in(answered))
    return list(db.execute(query.order_by(col(ConsentVersion.position), col(ConsentVersion.id))).scalars())


def newest_versions() -> Any:
    """Only the newest version of each kind asks anything."""
    newest = (
        select(col(ConsentVersion.kind), func.max(ConsentVersion.version).label("version"))
        .group_by(col(ConsentVersion.kind))
        .subquery()
    )
    return select(ConsentVersion).join(
        newest,
        (newest.c.kind == col(ConsentVersion.kind)) & (newest.c.version == col(ConsentVersion.version)),
    )


def answer(db: Session, actor: Actor, shown: Collection[str], ticked: Collection[str], now: datetime) -> None:
    """Keep the answer to each question of the card, ticked or not; NeededConsent if a needed one is not.

    Both hold keys of the card. A version published after the card was drawn has another key, so it is not
    answered by this, and is asked next.
    """
    asked = [version for version in waiting(db, actor) if key(version) in shown]
    if any(version.required and key(version) not in ticked for version in asked):
        raise NeededConsent
    answers = {version.id: key(version) in ticked for version in asked if version.id is not None}
    consents.answer(db, guardian_of(actor), answers, now)


def key(version: ConsentVersion) -> str:
    """ "privacy.3": a question's name in the form."""
    return f"{version.kind}.{version.version}"


def paragraphs(text: str) -> tuple[str, ...]:
    """A published text, ready to show: blank lines divide it."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def _choice(version: ConsentVersion) -> ConsentChoice:
    return ConsentChoice(
        key=key(version),
        title=version.title,
        words=version.summary,
        needed=version.required,
        text=paragraphs(version.text),
    )


def guardian_of(actor: Actor) -> int:
    """The guardian's id; NotAllowed for staff and for the house itself."""
    if actor.kind is not ActorKind.GUARDIAN or actor.guardian_id is None:
        raise NotAllowed
    return actor.guardian_id
