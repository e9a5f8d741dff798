"""The account page: my data, my consents with their history, my families and my devices."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.errors import NotAllowed, NotFound
from portal.models.access import ConsentAnswer, ConsentVersion, LoginSession
from portal.models.people import Family, FamilyRole, Guardian, Member
from portal.models.privacy import ErasureRequest
from portal.rows.account import AccountView, AnswerRow, ConsentRow, FamilyRow
from portal.rows.common import Chip, Fact, LineItem, Link
from portal.rules.sign_in import LOGIN_IDLE
from portal.services import consents
from portal.services.consent_card import guardian_of, key, newest_versions, paragraphs
from portal.services.facts.account import account_facts
from portal.services.preferences import choices, languages
from portal.services.scene import Scene, set_scene
from portal.services.visibility import of_family
from portal.words import counted

_YES = Chip("good", "circle-check", "Agreed")
_NO = Chip("", "circle-minus", "Not agreed", bare=True)
_WAITING = Chip("warn", "clock", "Not answered")
_ROLES = {FamilyRole.HOLDER: "You hold the account", FamilyRole.ADULT: "You are one of its adults"}


def read(db: Session, actor: Actor, now: datetime, _asked: Mapping[str, str]) -> AccountView:
    """Five queries with the scene's one."""
    scene = set_scene(db, actor, now)
    known = account_facts(db, scene)
    answers = _answers(db, scene)
    devices = _devices(db, scene)
    return AccountView(
        about=_about(known.guardian),
        families=tuple(_family(scene, *one) for one in known.families),
        members=_members(db, scene),
        consents=tuple(_consent(scene, version, of) for version, of in _newest_first(answers)),
        history=tuple(_answer(scene, *row) for row in answers if row[1] is not None),
        history_count=counted(sum(row[1] is not None for row in answers), "answer", "answers"),
        messages=choices(known.switched, whatsapp=bool(known.guardian.phone) and scene.provider.whatsapp),
        languages=languages(known.guardian.locale),
        export=Link(routes.EXPORT, "Take my data with me", "download"),
        erasure=_erasure(scene, known.erasure),
        devices=tuple(_device(scene, device) for device in devices),
        devices_words=f"Signed in on {counted(len(devices), 'device', 'devices')}.",
        contact=scene.provider.contact_email,
        shares_only=actor.family_id is None,
    )


def answer(db: Session, actor: Actor, asked: str, given: bool, now: datetime) -> None:
    """Give or take back what is optional; a new row beside the old ones, and none when nothing changes.

    `asked` is the key of a question's newest version. NotAllowed for what is needed to run the classes.
    """
    versions = db.execute(newest_versions()).scalars()
    version = next((one for one in versions if key(one) == asked), None)
    if version is None or version.id is None:
        raise NotFound
    if version.required:
        raise NotAllowed
    last = (
        select(col(ConsentAnswer.given))
        .where(
            col(ConsentAnswer.guardian_id) == guardian_of(actor),
            col(ConsentAnswer.consent_version_id) == version.id,
        )
        .order_by(col(ConsentAnswer.id).desc())
        .limit(1)
    )
    if db.execute(last).scalar() is not given:
        consents.answer(db, guardian_of(actor), {version.id: given}, now)


def _family(scene: Scene, family: Family, role: FamilyRole) -> FamilyRow:
    return FamilyRow(family.public_id, family.name, _ROLES[role], family.id == scene.actor.family_id)


def _erasure(scene: Scene, request: ErasureRequest | None) -> str:
    if request is None:
        return ""
    return f"On {_moment(scene, request.due_at)}. Until then you can keep it all with one tap."


def _about(guardian: Guardian) -> tuple[Fact, ...]:
    facts = (Fact("Name", guardian.full_name), Fact("E-mail", guardian.email), Fact("Phone", guardian.phone))
    return tuple(fact for fact in facts if fact.value)


def _members(db: Session, scene: Scene) -> tuple[LineItem, ...]:
    query = select(Member).where(of_family(Member, scene.actor), col(Member.erased_at).is_(None))
    rows = db.execute(query.order_by(col(Member.position))).scalars()
    return tuple(_member(scene, row) for row in rows)


def _member(scene: Scene, row: Member) -> LineItem:
    known = scene.members[row.id or 0]
    born = (f"Born {scene.calendar.full_date(row.birth_date)}",) if row.birth_date else ()
    return LineItem(face=known.face, title=f"{row.first_name} {row.last_name}".strip(), meta=born)


def _answers(db: Session, scene: Scene) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every published version with each answer of this guardian, the latest answers first."""
    mine = (col(ConsentAnswer.consent_version_id) == col(ConsentVersion.id)) & (
        col(ConsentAnswer.guardian_id) == guardian_of(scene.actor)
    )
    return db.execute(
        select(ConsentVersion, ConsentAnswer)
        .outerjoin(ConsentAnswer, mine)
        .order_by(col(ConsentAnswer.at).desc(), col(ConsentAnswer.id).desc())
    ).all()


def _newest_first(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[tuple[ConsentVersion, ConsentAnswer | None]]:
    """The newest version of each kind with its latest answer, in the provider's order."""
    by_kind = sorted(rows, key=lambda row: (row[0].kind, -row[0].version))
    newest = [next(group) for _, group in groupby(by_kind, key=lambda row: row[0].kind)]
    return sorted(((row[0], row[1]) for row in newest), key=lambda pair: (pair[0].position, pair[0].kind))


def _consent(scene: Scene, version: ConsentVersion, answer_given: ConsentAnswer | None) -> ConsentRow:
    given = answer_given is not None and answer_given.given
    since = "" if answer_given is None else f"Since {_moment(scene, answer_given.at)}"
    return ConsentRow(
        key=key(version),
        title=version.title,
        words=version.summary,
        chip=_WAITING if answer_given is None else _YES if given else _NO,
        since=since,
        text=paragraphs(version.text),
        action="" if version.required else "Take back" if given else "Agree",
        given=given,
    )


def _answer(scene: Scene, version: ConsentVersion, given: ConsentAnswer) -> AnswerRow:
    did = "Agreed to" if given.given else "Said no to"
    words = f"{_moment(scene, given.at)}, version {version.version}"
    icon = "circle-check" if given.given else "circle-minus"
    return AnswerRow(icon, f"{did} “{version.title}”", words, paragraphs(version.text))


def _devices(db: Session, scene: Scene) -> list[LoginSession]:
    live = (
        col(LoginSession.guardian_id) == guardian_of(scene.actor),
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.expires_at) > scene.now,
        col(LoginSession.last_seen_at) > scene.now - LOGIN_IDLE,
    )
    query = select(LoginSession).where(*live).order_by(col(LoginSession.last_seen_at).desc())
    return list(db.execute(query).scalars())


def _device(scene: Scene, device: LoginSession) -> LineItem:
    this = device.id == scene.actor.login_id
    return LineItem(
        icon="smartphone" if "phone" in device.browser.lower() else "laptop",
        tone="brand" if this else "plain",
        title=device.browser or "A browser",
        meta=(f"Last used {_moment(scene, device.last_seen_at)}",),
        chips=(Chip("good", "circle-check", "This device", bare=True),) if this else (),
    )


def _moment(scene: Scene, at: datetime) -> str:
    """ "12 March at 14:10"."""
    return f"{scene.calendar.date(scene.calendar.day(at), scene.today)} at {scene.calendar.time(at)}"
