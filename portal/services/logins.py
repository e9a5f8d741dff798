"""Login sessions: who is behind a cookie, read from the database every time."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from portal.actor import Actor, ActorKind, StaffRole
from portal.models.access import ConsentAnswer, ConsentVersion, LoginSession
from portal.models.people import Staff

IDLE = timedelta(days=14)


def token_hash(token: str) -> str:
    """What the database holds of a cookie, link or feed token."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of(db: Session, token: str, now: datetime) -> Actor | None:
    """The actor behind a cookie's token; None when unknown, revoked, over or idle for 14 days."""
    if not token:
        return None
    found = db.exec(
        select(LoginSession, Staff)
        .outerjoin(Staff, col(Staff.id) == col(LoginSession.staff_id))
        .where(
            LoginSession.token_hash == token_hash(token),
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.expires_at) > now,
            col(LoginSession.last_seen_at) > now - IDLE,
        )
    ).first()
    if found is None:
        return None
    login, staff = found
    if staff is not None:
        return _staff_actor(login, staff)
    return Actor(
        kind=ActorKind.GUARDIAN,
        login_id=login.id,
        guardian_id=login.guardian_id,
        family_id=login.family_id,
        consents_due=login.guardian_id is not None and _consents_due(db, login.guardian_id),
    )


def _staff_actor(login: LoginSession, staff: Staff) -> Actor | None:
    if not staff.active:
        return None
    return Actor(kind=ActorKind.STAFF, login_id=login.id, staff_id=staff.id, staff_role=StaffRole(staff.role))


def _consents_due(db: Session, guardian_id: int) -> bool:
    """A required text whose newest version this guardian has never answered."""
    answered = select(col(ConsentAnswer.consent_version_id)).where(ConsentAnswer.guardian_id == guardian_id)
    rows = db.exec(
        select(ConsentVersion.kind, ConsentVersion.version, col(ConsentVersion.id).in_(answered)).where(
            col(ConsentVersion.required)
        )
    ).all()
    newest: dict[str, tuple[int, bool]] = {}
    for kind, version, has_answer in rows:
        newest[kind] = max(newest.get(kind, (0, True)), (version, bool(has_answer)))
    return any(not has_answer for _, has_answer in newest.values())
