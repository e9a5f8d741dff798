"""Moving to another e-mail address: a code to the old one and a code to the new one, both typed here.

Like signing in, these use cases open their own transactions: hashing takes long, and must not hold the database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from portal import passwords, routes
from portal.actor import Actor
from portal.db import unit_of_work
from portal.errors import PortalError
from portal.messages import Written, answers
from portal.models.access import LoginChallenge, LoginSession
from portal.models.messages import Channel, MessageStatus, OutboxMessage
from portal.models.people import AuditEntry, Guardian
from portal.models.privacy import EmailChange
from portal.rules import contacts, sign_in
from portal.services import audit, outbox
from portal.services.brand import brand
from portal.services.consent_card import guardian_of
from portal.services.desk import Desk
from portal.services.sign_in import new_code
from portal.services.storing import store
from portal.services.turns import take_turns

KIND = "email_change"
ASKED = "email.change_asked"


class SameEmail(PortalError):
    """It is the address they have."""

    message_key = "email_change.same"


class TooMany(PortalError):
    """Five tries within the hour."""

    message_key = "email_change.too_many"


class WrongCodes(PortalError):
    """One of the codes, or both, do not match, or they are too old."""

    message_key = "email_change.wrong_codes"


@dataclass(frozen=True)
class Codes:
    """One for each address."""

    old: str
    new: str

    def hashed(self, key: str) -> "Codes":
        """As they are kept."""
        return Codes(passwords.hash_code(key, self.old), passwords.hash_code(key, self.new))


def ask(desk: Desk, actor: Actor, typed_email: str, now: datetime) -> str:
    """Write to both addresses; the new one as it will be kept.

    An address that somebody else signs in with gets no letter: nobody learns here whom we know.
    """
    email = contacts.email(typed_email)
    if email is None:
        raise sign_in.BadEmail
    codes = Codes(new_code(), new_code())
    hashed = codes.hashed(desk.key)
    with unit_of_work() as db:
        guardian = db.get_one(Guardian, guardian_of(actor))
        if guardian.email == email:
            raise SameEmail
        _one_more(db, guardian, now)
        db.execute(delete(EmailChange).where(col(EmailChange.guardian_id) == guardian.id))
        change = EmailChange(
            guardian_id=guardian.id or 0,
            new_email=email,
            old_code_hash=hashed.old,
            new_code_hash=hashed.new,
            created_at=now,
            expires_at=now + sign_in.CHALLENGE_LIFE,
        )
        store(db, change)
        audit.note(db, actor, actor.family_id, ASKED, guardian.public_id, now)
        _write_to_both(db, desk, guardian, email, codes, now)
    return email


def confirm(desk: Desk, actor: Actor, codes: Codes, now: datetime) -> str:
    """The new address is theirs from now on, and every other browser is signed out; the address.

    WrongCodes counts a try, before it is known to be one; after the fifth both codes are worth nothing.
    """
    typed = Codes(sign_in.code_of(codes.old), sign_in.code_of(codes.new))
    guardian_id = guardian_of(actor)
    change = _take_a_try(guardian_id, now)
    matches = [
        passwords.code_matches(desk.key, typed.old, change.old_code_hash),
        passwords.code_matches(desk.key, typed.new, change.new_code_hash),
    ]
    if not all(matches):
        raise WrongCodes
    with unit_of_work() as db:
        mine = (col(EmailChange.id) == change.id, col(EmailChange.expires_at) > now)
        won = db.execute(delete(EmailChange).where(*mine).returning(col(EmailChange.id))).scalar()
        if won is None or _is_taken(db, change.new_email):
            raise WrongCodes
        guardian = db.get_one(Guardian, guardian_id)
        guardian.email = change.new_email
        store(db, guardian)
        _sign_out_others(db, actor, now)
        _forget_the_old(db, guardian)
        audit.note(db, actor, actor.family_id, "email.changed", guardian.public_id, now)
    return change.new_email


def _take_a_try(guardian_id: int, now: datetime) -> EmailChange:
    left = (
        col(EmailChange.guardian_id) == guardian_id,
        col(EmailChange.tries) < sign_in.TRIES_PER_CODE,
        col(EmailChange.expires_at) > now,
    )
    with unit_of_work() as db:
        took = update(EmailChange).where(*left).values(tries=EmailChange.tries + 1).returning(EmailChange)
        change = db.execute(took).scalar()
    if change is None:
        raise WrongCodes
    return change


def _one_more(db: Session, guardian: Guardian, now: datetime) -> None:
    take_turns(db, f"email change {guardian.id}")
    lately = (
        col(AuditEntry.action) == ASKED,
        col(AuditEntry.guardian_id) == guardian.id,
        col(AuditEntry.at) > now - timedelta(hours=1),
    )
    if db.execute(select(func.count()).where(*lately)).scalar_one() >= sign_in.REQUESTS_PER_EMAIL:
        raise TooMany


def _is_taken(db: Session, email: str) -> bool:
    return db.execute(select(col(Guardian.id)).where(col(Guardian.email) == email)).first() is not None


def _sign_out_others(db: Session, actor: Actor, now: datetime) -> None:
    """Row by row, so that each browser's windows hear of it."""
    others = select(LoginSession).where(
        col(LoginSession.guardian_id) == actor.guardian_id,
        col(LoginSession.id) != actor.login_id,
        col(LoginSession.revoked_at).is_(None),
    )
    for login in db.execute(others).scalars():
        login.revoked_at = now


def _forget_the_old(db: Session, guardian: Guardian) -> None:
    """Nobody signs in by what the old address was sent, and what waits to be sent goes to the new one."""
    db.execute(delete(LoginChallenge).where(col(LoginChallenge.guardian_id) == guardian.id))
    waiting = (
        col(OutboxMessage.guardian_id) == guardian.id,
        col(OutboxMessage.channel) == Channel.EMAIL,
        col(OutboxMessage.status) == MessageStatus.QUEUED,
        ~col(OutboxMessage.secret),
    )
    db.execute(update(OutboxMessage).where(*waiting).values(to_address=guardian.email))


def _write_to_both(
    db: Session, desk: Desk, guardian: Guardian, email: str, codes: Codes, now: datetime
) -> None:
    of, account, locale = brand(db), f"{desk.public_url}{routes.ACCOUNT}", guardian.locale
    to_old = answers.to_old_address(of, sign_in.shown(codes.old), email, account, locale)
    _queue(db, guardian, guardian.email, to_old, now)
    if not _is_taken(db, email):
        to_new = answers.to_new_address(of, sign_in.shown(codes.new), account, locale)
        _queue(db, guardian, email, to_new, now)


def _queue(db: Session, guardian: Guardian, to: str, letter: Written, now: datetime) -> None:
    outbox.queue(db, KIND, to, letter, now, guardian_id=guardian.id, secret=True)
