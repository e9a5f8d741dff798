"""Who acts: read from the database in one query, because it is asked for every event and every document."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Exists, Select, and_, bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from portal.actor import Actor, ActorKind, StaffRole
from portal.models.access import ConsentAnswer, ConsentVersion, LoginSession
from portal.models.base import Instant
from portal.models.people import Family, FamilyGuardian, Staff
from portal.noticed import Noticed
from portal.rules.sign_in import LOGIN_IDLE

SEEN_EVERY = timedelta(hours=1)


seen = Noticed()
"""Logins seen in use since they were last written down."""


class Standing(NamedTuple):
    """Who acts, and until when that is so even if nobody commits anything."""

    actor: Actor
    until: datetime


def actor_behind(db: Session, hashed_token: str, now: datetime) -> Actor | None:
    """The actor behind a login token's hash; None when unknown, revoked, over or idle for 14 days."""
    found = standing_behind(db, hashed_token, now)
    return found.actor if found else None


def standing_behind(db: Session, hashed_token: str, now: datetime) -> Standing | None:
    """The same, with the instant at which the clock alone changes it."""
    found = db.execute(_WHO, {"hashed": hashed_token, "now": now, "idle_since": now - LOGIN_IDLE}).first()
    if found is None:
        return None
    login_id, guardian_id, family_id, consents_due, staff_id, role, seen_at, expires_at = found
    if unnoticed := seen_at <= now - SEEN_EVERY:
        seen.add(login_id)
    until = min(expires_at, seen_at + (LOGIN_IDLE if unnoticed else SEEN_EVERY))
    if staff_id is None:
        known = {"guardian_id": guardian_id, "family_id": family_id, "consents_due": bool(consents_due)}
        return Standing(Actor(ActorKind.GUARDIAN, login_id=login_id, **known), until)
    if role is None:
        return None
    return Standing(
        Actor(ActorKind.STAFF, login_id=login_id, staff_id=staff_id, staff_role=StaffRole(role)), until
    )


def _who() -> Select[*tuple[Any, ...]]:
    """A live login with its family, if the guardian is still of it, and its role, if that staff is active."""
    login = LoginSession
    still_of_family = and_(
        col(FamilyGuardian.guardian_id) == col(login.guardian_id),
        col(FamilyGuardian.family_id) == col(login.family_id),
    )
    standing = and_(col(Family.id) == col(FamilyGuardian.family_id), col(Family.erased_at).is_(None))
    active_staff = and_(col(Staff.id) == col(login.staff_id), col(Staff.active))
    return (
        select(
            col(login.id),
            col(login.guardian_id),
            col(Family.id),
            _consents_due(),
            col(login.staff_id),
            col(Staff.role),
            col(login.last_seen_at),
            col(login.expires_at),
        )
        .outerjoin(FamilyGuardian, still_of_family)
        .outerjoin(Family, standing)
        .outerjoin(Staff, active_staff)
        .where(
            col(login.token_hash) == bindparam("hashed"),
            col(login.revoked_at).is_(None),
            col(login.expires_at) > bindparam("now", type_=Instant),
            col(login.last_seen_at) > bindparam("idle_since", type_=Instant),
        )
    )


def _consents_due() -> Exists:
    """A required text whose newest version this guardian has never answered."""
    newer = aliased(ConsentVersion)
    replaced = exists().where(
        col(newer.kind) == col(ConsentVersion.kind),
        col(newer.version) > col(ConsentVersion.version),
        col(newer.required),
    )
    # Named, because an inner query would otherwise look through everybody's logins.
    answered = exists().where(
        col(ConsentAnswer.consent_version_id) == col(ConsentVersion.id),
        col(ConsentAnswer.guardian_id) == col(LoginSession.guardian_id),
    )
    waiting = (
        col(ConsentVersion.required),
        ~replaced.correlate(ConsentVersion),
        ~answered.correlate(ConsentVersion, LoginSession),
    )
    return exists().where(*waiting).correlate(LoginSession)


_WHO = _who()
