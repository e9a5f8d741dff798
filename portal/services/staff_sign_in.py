"""Staff sign in with a password, and with a one-time password where they have set one up."""

from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import delete
from sqlmodel import col, select

from portal import passwords
from portal.db import unit_of_work
from portal.models.access import LoginFailure
from portal.models.people import Staff
from portal.rules import contacts, sign_in
from portal.services import logins, sign_in_limits
from portal.services.sign_in import Visitor


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
        db.execute(delete(LoginFailure).where(col(LoginFailure.id) == failure_id))
        logins.end(db, visitor.login, now)
        return logins.open_for_staff(db, staff.id, visitor.user_agent, now)


def _one_time_holds(staff: Staff, one_time: str, now: datetime) -> bool:
    if not staff.totp_secret:
        return True
    try:
        TOTP(key=staff.totp_secret).match(one_time, time=now)
    except (TokenError, ValueError):
        return False
    return True
