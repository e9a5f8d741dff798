"""Staff sign in with a password, and with a one-time password where they have set one up."""

from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import delete
from sqlmodel import Session, col, select

from portal import passwords
from portal.actor import Actor, ActorKind
from portal.db import unit_of_work
from portal.models.access import LoginFailure
from portal.models.people import AuditEntry, Staff
from portal.rules import contacts, sign_in
from portal.services import audit, logins, sign_in_limits
from portal.services.sign_in import Visitor
from portal.services.turns import take_turns

_ONE_TIME = "staff.one_time_password"
"""The log keeps the step of each one that was taken: it is good for one sign-in, also while it is still shown."""


def sign_in_staff(visitor: Visitor, typed_email: str, password: str, one_time: str, now: datetime) -> str:
    """The new login's token. The same work and the same refusal, whichever of the three is wrong."""
    email = contacts.email(typed_email)
    if email is None:
        raise sign_in.BadEmail
    with unit_of_work() as db:
        failure_id = sign_in_limits.one_more_failure(db, email, now, sign_in.PasswordsLocked)
        staff = db.exec(select(Staff).where(Staff.email == email, col(Staff.active))).first()
    known = passwords.password_matches(password, staff.password_hash if staff else None)
    if staff is None or staff.id is None or not known or not _one_time_holds(staff, one_time, now):
        raise sign_in.WrongPassword
    with unit_of_work() as db:
        if not _one_time_is_new(db, staff, one_time, now):
            raise sign_in.WrongPassword
        db.execute(delete(LoginFailure).where(col(LoginFailure.id) == failure_id))
        logins.end(db, visitor.login, now)
        return logins.open_for_staff(db, staff.id, visitor.user_agent, now)


def _one_time_holds(staff: Staff, one_time: str, now: datetime) -> bool:
    return not staff.totp_secret or _step(staff.totp_secret, one_time, now, None) is not None


def _one_time_is_new(db: Session, staff: Staff, one_time: str, now: datetime) -> bool:
    """Nobody signed in with it, or with a later one: of two who send the same, one comes in."""
    if not staff.totp_secret:
        return True
    take_turns(db, f"one-time passwords of {staff.id}")
    mine = (col(AuditEntry.staff_id) == staff.id, col(AuditEntry.action) == _ONE_TIME)
    last = db.exec(
        select(AuditEntry.detail).where(*mine).order_by(col(AuditEntry.id).desc()).limit(1)
    ).first()
    step = _step(staff.totp_secret, one_time, now, int(last) if last else None)
    if step is None:
        return False
    signing_in = Actor(ActorKind.STAFF, staff_id=staff.id)
    audit.note(db, signing_in, None, _ONE_TIME, staff.public_id, now, str(step))
    return True


def _step(secret: str, one_time: str, now: datetime, after: int | None) -> int | None:
    """Which of the half minutes it is for, later than `after`; None where it does not hold."""
    try:
        return int(TOTP(key=secret).match(one_time, time=now, last_counter=after).counter)
    except (TokenError, ValueError):
        return None
