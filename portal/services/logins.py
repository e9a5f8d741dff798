"""Login sessions: who is behind a cookie, read from the database every time; opened, ended, turned to another family."""

import hashlib
import secrets
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from portal.actor import Actor, ActorKind, StaffRole
from portal.errors import NotFound, SignedOut
from portal.models.access import ConsentAnswer, ConsentVersion, LoginSession
from portal.models.people import Family, FamilyGuardian, Staff
from portal.rules.sign_in import LOGIN_IDLE, LOGIN_LIFE, browser_name

SEEN_EVERY = timedelta(hours=1)


class SeenLogins:
    """Logins seen in use since they were last written down; kept here, so that looking never has to write."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._lock = Lock()

    def add(self, login_id: int) -> None:
        """This login was used just now."""
        with self._lock:
            self._ids.add(login_id)

    def take(self) -> set[int]:
        """All of them, once."""
        with self._lock:
            taken, self._ids = self._ids, set()
        return taken


seen = SeenLogins()


def token_hash(token: str) -> str:
    """What the database holds of a cookie, link or feed token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def actor_of(db: Session, token: str, now: datetime) -> Actor | None:
    """The actor behind a cookie's token; None when unknown, revoked, over or idle for 14 days. Two queries at most."""
    if not token:
        return None
    found = db.exec(
        select(LoginSession, Staff)
        .outerjoin(Staff, col(Staff.id) == col(LoginSession.staff_id))
        .where(LoginSession.token_hash == token_hash(token), *_alive(now))
    ).first()
    if found is None:
        return None
    login, staff = found
    if login.last_seen_at <= now - SEEN_EVERY and login.id is not None:
        seen.add(login.id)
    if staff is not None:
        return _staff_actor(login, staff)
    return Actor(
        kind=ActorKind.GUARDIAN,
        login_id=login.id,
        guardian_id=login.guardian_id,
        family_id=login.family_id,
        consents_due=login.guardian_id is not None and _consents_due(db, login.guardian_id),
    )


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
    """Open another family of this guardian, with everyone in it shown; NotFound for a family that is not theirs."""
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
