"""Nora asks for a sign-in message, reads it and uses what is in it."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from portal import db
from portal.actor import Actor
from portal.models.messages import OutboxMessage
from portal.rules.sign_in import ALPHABET
from portal.services import logins, sign_in
from portal.services.acting import actor_behind
from portal.services.desk import Desk
from portal.services.sign_in import SignedIn, Visitor
from tests.factories import NOW, Otterbrook

DESK = Desk(key="k" * 40, public_url="https://portal.example")
HERE = Visitor(address="192.0.2.7", browser="this browser")
NORA = "nora@vale.example"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def ask(email: str = NORA, visitor: Visitor = HERE, now: datetime = NOW, next_path: str = "") -> None:
    sign_in.request(DESK, visitor, email, next_path, now)


def messages() -> list[OutboxMessage]:
    with db.reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def code() -> str:
    """The newest message's code, as its reader sees it."""
    return messages()[-1].body_text.partition("Your code: ")[2][:7]


def link() -> str:
    """The newest message's link, as its reader sees it."""
    return messages()[-1].body_text.partition(f"{DESK.public_url}/auth/link/")[2].split()[0]


def wrong_code() -> str:
    """A code that is none of ours: its first letter differs."""
    right = code()
    return ALPHABET[ALPHABET.index(right[0]) - 1] + right[1:]


def enter(typed: str, visitor: Visitor = HERE, now: datetime = NOW) -> SignedIn:
    return sign_in.redeem_code(DESK, visitor, typed, now)


def rows(table: type) -> int:
    with db.reading() as session:
        return len(session.exec(select(table)).all())


def signed_in(name: str = "Vale", member: str = "Mila") -> Actor:
    """The guardian of a new family, in a browser of their own."""
    with db.unit_of_work() as session:
        family = Otterbrook(session).family(name, member)
        token = logins.open_for_guardian(session, family.guardian_id, "", NOW)
        found = actor_behind(session, logins.token_hash(token), NOW)
    assert found is not None
    return found
