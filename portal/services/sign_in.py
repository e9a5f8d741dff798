"""Signing in by e-mail: asking for a message, then its code or its link, once.

These use cases open their own transactions: hashing a code takes long, and must not hold the database then.
What is scarce (a try) is taken before the code is compared, and given back when it was right.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from portal import passwords, routes
from portal.actor import Actor
from portal.db import reading, unit_of_work
from portal.errors import NotFound
from portal.keyed import keyed_hash
from portal.messages import Written, answers
from portal.models.access import LoginChallenge, LoginFailure
from portal.models.people import Guardian
from portal.rules import contacts, sign_in
from portal.services import audit, logins, outbox, sign_in_limits
from portal.services.authority import provider_only
from portal.services.brand import brand
from portal.services.desk import Desk
from portal.services.logins import token_hash

KIND = "sign_in"


@dataclass(frozen=True)
class Visitor:
    """Who comes, as far as anybody knows: a network address, and the cookies of a browser."""

    address: str
    browser: str = ""
    """The cookie set when the browser asked for a message; empty when it has none."""
    login: str = ""
    """The cookie of a login that ends when another begins."""
    user_agent: str = ""


@dataclass(frozen=True)
class SignedIn:
    """The new login's token, and the path that was asked for before."""

    token: str
    next_path: str


@dataclass(frozen=True)
class _Fresh:
    """A new code and a new link; `code_hash` takes long to make."""

    code: str
    link: str
    code_hash: str

    @classmethod
    def made(cls, key: str) -> "_Fresh":
        code = new_code()
        return cls(code, secrets.token_urlsafe(24), passwords.hash_code(key, code))


@dataclass(frozen=True)
class _Asked:
    """From where a message was asked for, and where its reader goes on to."""

    address_hash: str
    browser_hash: str
    next_path: str


def request(desk: Desk, visitor: Visitor, typed_email: str, next_path: str, now: datetime) -> None:
    """Send a code and a link if we know the e-mail; the same work when we do not."""
    email = contacts.email(typed_email)
    if email is None:
        raise sign_in.BadEmail
    fresh = _Fresh.made(desk.key)
    asked = _Asked(
        address_hash=keyed_hash(desk.key, "address", visitor.address),
        browser_hash=token_hash(visitor.browser),
        next_path=sign_in.local_path(next_path),
    )
    with unit_of_work() as db:
        sign_in_limits.one_more_request(db, email, asked.address_hash, now)
        known = (Guardian.email == email, col(Guardian.erased_at).is_(None))
        found = db.exec(select(Guardian.id, Guardian.locale).where(*known)).first()
        guardian_id, locale = found or (None, "")
        written = _message(db, desk, fresh, locale)
        db.add(_challenge(email, guardian_id, fresh, asked, now))
        if guardian_id is not None:
            outbox.queue(db, KIND, email, written, now, guardian_id=guardian_id, secret=True)


def send_again(desk: Desk, actor: Actor, guardian: str, now: datetime) -> None:
    """Staff have a fresh message sent to a guardian (the public id), within the same limits.

    Its code works where the guardian asked last, its link in every browser.
    """
    provider_only(actor)
    fresh = _Fresh.made(desk.key)
    with unit_of_work() as db:
        known = (Guardian.public_id == guardian, col(Guardian.erased_at).is_(None))
        to = db.exec(select(Guardian).where(*known)).first()
        if to is None:
            raise NotFound
        last = _newest(db, LoginChallenge.guardian_id == to.id)
        asked = _Asked(
            address_hash=keyed_hash(desk.key, "address", f"for {to.public_id}"),
            browser_hash=last.browser_hash if last else token_hash(""),
            next_path=last.next_path if last else "",
        )
        sign_in_limits.one_more_request(db, to.email, asked.address_hash, now)
        db.add(_challenge(to.email, to.id, fresh, asked, now))
        written = _message(db, desk, fresh, to.locale)
        outbox.queue(db, KIND, to.email, written, now, guardian_id=to.id, secret=True)
        audit.note(db, actor, None, "sign_in.sent_again", to.public_id, now)


def redeem_code(desk: Desk, visitor: Visitor, typed_code: str, now: datetime) -> SignedIn:
    """Sign in with the newest code this browser asked for."""
    code = sign_in.code_of(typed_code)
    with unit_of_work() as db:
        challenge, failure_id, left = _take_a_try(db, visitor.browser, now)
    if not passwords.code_matches(desk.key, code, challenge.code_hash):
        raise sign_in.WrongCode(count=left) if left else sign_in.TooManyTries
    with unit_of_work() as db:
        db.execute(delete(LoginFailure).where(col(LoginFailure.id) == failure_id))
        signed_in = _consume(db, challenge, visitor, now)
    return _or_refuse(signed_in)


def redeem_link(visitor: Visitor, link: str, now: datetime) -> SignedIn:
    """Sign in with the link of a message."""
    with unit_of_work() as db:
        challenge = _behind_link(db, link)
        _refuse_unusable(challenge, now)
        signed_in = _consume(db, challenge, visitor, now)
    return _or_refuse(signed_in)


def look_at_link(link: str, browser: str, now: datetime) -> bool:
    """Whether this browser asked for the link. Consumes nothing; refuses what redeeming would refuse."""
    with reading() as db:
        challenge = _behind_link(db, link)
        _refuse_unusable(challenge, now)
        return bool(browser) and secrets.compare_digest(challenge.browser_hash, token_hash(browser))


def forget_old(db: Session, now: datetime) -> None:
    """Delete challenges and failures that no limit counts any more: they hold e-mail addresses."""
    before = now - sign_in.FAILURE_WINDOW
    db.execute(delete(LoginChallenge).where(col(LoginChallenge.created_at) < before))
    db.execute(delete(LoginFailure).where(col(LoginFailure.at) < before))


def new_code() -> str:
    """30 random bits, to be typed by a person."""
    return "".join(secrets.choice(sign_in.ALPHABET) for _ in range(sign_in.CODE_LENGTH))


def _message(db: Session, desk: Desk, fresh: _Fresh, locale: str) -> Written:
    """In the provider's language where no guardian has one."""
    of, link = brand(db), f"{desk.public_url}{routes.AUTH_LINK}/{fresh.link}"
    return answers.sign_in(of, sign_in.shown(fresh.code), link, locale or of.locale)


def _challenge(
    email: str, guardian_id: int | None, fresh: _Fresh, asked: _Asked, now: datetime
) -> LoginChallenge:
    return LoginChallenge(
        email=email,
        guardian_id=guardian_id,
        code_hash=fresh.code_hash,
        link_hash=token_hash(fresh.link),
        browser_hash=asked.browser_hash,
        address_hash=asked.address_hash,
        next_path=asked.next_path,
        created_at=now,
        expires_at=now + sign_in.CHALLENGE_LIFE,
    )


def _newest(db: Session, of: ColumnElement[bool] | bool) -> LoginChallenge | None:
    return db.exec(select(LoginChallenge).where(of).order_by(col(LoginChallenge.id).desc())).first()


def _take_a_try(db: Session, browser: str, now: datetime) -> tuple[LoginChallenge, int, int]:
    """The challenge, the failure this try counts as until it is right, and the tries left after it."""
    challenge = _newest(db, LoginChallenge.browser_hash == token_hash(browser)) if browser else None
    if challenge is None:
        raise sign_in.NothingAsked
    _refuse_unusable(challenge, now)
    failure_id = sign_in_limits.one_more_failure(db, challenge.email, now, sign_in.CodesLocked)
    mine, left = col(LoginChallenge.id) == challenge.id, col(LoginChallenge.tries) < sign_in.TRIES_PER_CODE
    took = update(LoginChallenge).where(mine, left).values(tries=LoginChallenge.tries + 1)
    tries = db.execute(took.returning(col(LoginChallenge.tries))).scalar()
    if tries is None:
        raise sign_in.TooManyTries
    return challenge, failure_id, sign_in.TRIES_PER_CODE - tries


def _behind_link(db: Session, link: str) -> LoginChallenge:
    challenge = db.exec(select(LoginChallenge).where(LoginChallenge.link_hash == token_hash(link))).first()
    if challenge is None or challenge.guardian_id is None:
        raise sign_in.UnknownLink
    return challenge


def _refuse_unusable(challenge: LoginChallenge, now: datetime) -> None:
    if challenge.consumed_at is not None:
        raise sign_in.AlreadyUsed
    if challenge.expires_at <= now:
        raise sign_in.Expired


def _open_challenge(challenge_id: int | None, now: datetime) -> list[ColumnElement[bool]]:
    """The condition under which a challenge is consumed: nobody else has, and its time is not over."""
    return [
        col(LoginChallenge.id) == challenge_id,
        col(LoginChallenge.consumed_at).is_(None),
        col(LoginChallenge.expires_at) > now,
    ]


def _consume(db: Session, challenge: LoginChallenge, visitor: Visitor, now: datetime) -> SignedIn | None:
    """The new login; None when somebody was faster. One UPDATE decides, so there is one winner."""
    taking = update(LoginChallenge).where(*_open_challenge(challenge.id, now)).values(consumed_at=now)
    won = db.execute(taking.returning(col(LoginChallenge.id))).scalar() is not None
    if not won or challenge.guardian_id is None:
        return None
    logins.end(db, visitor.login, now)
    token = logins.open_for_guardian(db, challenge.guardian_id, visitor.user_agent, now)
    return SignedIn(token, challenge.next_path)


def _or_refuse(signed_in: SignedIn | None) -> SignedIn:
    if signed_in is None:
        raise sign_in.AlreadyUsed
    return signed_in
