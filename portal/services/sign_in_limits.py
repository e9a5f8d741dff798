"""How often is too often, counted from the tables: all workers see one number, a restart forgets nothing."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from portal.errors import PortalError
from portal.models.access import LoginChallenge, LoginFailure
from portal.rules import sign_in
from portal.services.storing import store
from portal.services.turns import take_turns


def one_more_request(db: Session, email: str, address_hash: str, now: datetime) -> None:
    """Refuse the sixth unanswered message to an e-mail in an hour, and the twenty-first from one address.

    A request whose message signed its reader in was an honest one, so it is not counted.
    """
    take_turns(db, f"sign-in e-mail {email}", f"sign-in address {address_hash}")
    unanswered = (
        col(LoginChallenge.consumed_at).is_(None),
        col(LoginChallenge.created_at) > now - sign_in.REQUEST_WINDOW,
    )
    to_email = select(func.count()).where(LoginChallenge.email == email, *unanswered)
    from_address = select(func.count()).where(LoginChallenge.address_hash == address_hash, *unanswered)
    if db.exec(to_email).one() >= sign_in.REQUESTS_PER_EMAIL:
        raise sign_in.TooManyRequests
    if db.exec(from_address).one() >= sign_in.REQUESTS_PER_ADDRESS:
        raise sign_in.TooManyRequests


def one_more_failure(db: Session, email: str, now: datetime, refusal: type[PortalError]) -> int:
    """Count a failure before it is known to be one; its id, to take it back. Refuses the eleventh."""
    take_turns(db, f"sign-in e-mail {email}")
    recent = (LoginFailure.email == email, col(LoginFailure.at) > now - sign_in.FAILURE_WINDOW)
    if db.exec(select(func.count()).where(*recent)).one() >= sign_in.FAILURES_PER_EMAIL:
        raise refusal
    return store(db, LoginFailure(email=email, at=now))
