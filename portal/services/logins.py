"""Login sessions: who is behind a cookie, read from the database every time; how they begin and end."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from portal.actor import Actor, ActorKind
from portal.errors import NotFound, SignedOut
from portal.models.access import LoginSession
from portal.models.people import Family, FamilyGuardian
from portal.rules.sign_in import LOGIN_IDLE, LOGIN_LIFE, browser_name
from portal.services.acting import actor_behind


def token_hash(token: str) -> str:
    """What the database holds of a cookie, link or feed token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def actor_of(db: Session, token: str, now: datetime) -> Actor | None:
    """The actor behind a cookie's token; None when unknown, revoked, over or idle for 14 days."""
    return actor_behind(db, token_hash(token), now) if token else None


def write_seen(db: Session, login_ids: set[int], now: datetime) -> None:
    """These logins were in use: their 14 idle days begin again. Nobody's window needs to hear of it."""
    db.execute(update(LoginSession).where(col(LoginSession.id).in_(login_ids)).values(last_seen_at=now))


def open_for_guardian(db: Session, guardian_id: int, user_agent: str, now: datetime) -> str:
    """A new login of this guardian, with their first family open; the token for the cookie."""
    first = select(FamilyGuardian.family_id).join(Family).where(*_belongs(guardian_id))
    family_id = db.exec(first.order_by(col(FamilyGuardian.id))).first()
    return _open(db, now, user_agent, guardian_id=guardian_id, family_id=family_id)


def open_for_staff(db: Session, staff_id: int, user_agent: str, now: datetime) -> str:
    """A new login of this member of staff; the token for the cookie."""
    return _open(db, now, user_agent, staff_id=staff_id)


def end(db: Session, token: str, now: datetime) -> None:
    """Sign out this browser. Signing out twice is no mistake."""
    login = db.exec(
        select(LoginSession).where(LoginSession.token_hash == token_hash(token), *_alive(now))
    ).first()
    if login is not None:
        login.revoked_at = now
        db.add(login)


def end_everywhere(db: Session, actor: Actor, now: datetime) -> int:
    """Sign out every browser of this guardian or member of staff; how many there were."""
    if actor.kind is ActorKind.GUARDIAN:
        mine = col(LoginSession.guardian_id) == actor.guardian_id
    else:
        mine = col(LoginSession.staff_id) == actor.staff_id
    logins = db.exec(select(LoginSession).where(mine, *_alive(now))).all()
    for login in logins:
        login.revoked_at = now
    db.add_all(logins)
    return len(logins)


def switch_family(db: Session, actor: Actor, family_public_id: str) -> None:
    """Open another family of this guardian, with everyone in it shown; NotFound when it is not theirs."""
    theirs = [col(Family.public_id) == family_public_id, *_belongs(actor.guardian_id)]
    family_id = db.exec(select(FamilyGuardian.family_id).join(Family).where(*theirs)).first()
    login = db.get(LoginSession, actor.login_id) if actor.login_id is not None else None
    if family_id is None:
        raise NotFound
    if login is None or login.revoked_at is not None:
        raise SignedOut
    login.family_id, login.member_choice = family_id, ""
    db.add(login)


def _open(
    db: Session,
    now: datetime,
    user_agent: str,
    guardian_id: int | None = None,
    staff_id: int | None = None,
    family_id: int | None = None,
) -> str:
    token = new_token()
    login = LoginSession(
        token_hash=token_hash(token),
        guardian_id=guardian_id,
        staff_id=staff_id,
        family_id=family_id,
        browser=browser_name(user_agent),
        created_at=now,
        last_seen_at=now,
        expires_at=now + LOGIN_LIFE,
    )
    db.add(login)
    return token


def _alive(now: datetime) -> list[ColumnElement[bool]]:
    return [
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.expires_at) > now,
        col(LoginSession.last_seen_at) > now - LOGIN_IDLE,
    ]


def _belongs(guardian_id: int | None) -> list[ColumnElement[bool]]:
    return [col(FamilyGuardian.guardian_id) == guardian_id, col(Family.erased_at).is_(None)]
