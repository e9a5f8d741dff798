"""What the sign-in pages say: the step, the address this browser asked for, and problems in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal import routes
from portal.models.access import LoginChallenge
from portal.models.provider import ProviderSettings
from portal.rows.login import LoginView
from portal.services.brand import logo_address
from portal.services.logins import token_hash
from portal.words import counted

RESEND_AFTER = timedelta(seconds=45)
REMEMBERED = timedelta(hours=1)
"""How long a browser is told which address it asked for."""
TRIES = 5

_NEWEST = "Use the newest e-mail from us; older codes stop working."
_PROBLEMS = {
    "email": "That does not look like an e-mail address. Please check it.",
    "wrong": f"That code doesn’t match. {_NEWEST}",
    "expired": "That code is too old: a code works for 10 minutes. We can send you a new one.",
    "used": "That code has been used already, and each works once. We can send you a new one.",
    "tries": "That was the fifth code that didn’t match, so it has stopped working. We can send you a new one.",
    "locked": "Too many codes did not match today. The link in our e-mail still works: open it to sign in.",
    "requests": "We have sent several e-mails within the hour. Please use the newest one, or try again later.",
    "unknown_browser": "We no longer know which address you asked with. Please type it again.",
    "cookies": "Your browser keeps no cookies for this page, so you cannot be signed in here.",
}
_NOTES = {
    "signed_out": "You are signed out.",
    "signed_out_everywhere": "You are signed out on every device.",
    "over": "You were signed out after a while, to keep your family’s details safe.",
}


@dataclass(frozen=True)
class Visitor:
    """A browser that is not signed in: `token` is the cookie it got when it asked for a message."""

    token: str = ""
    demo: bool = False


def read(db: Session, visitor: Visitor, now: datetime, asked: Mapping[str, str]) -> LoginView:
    """Two queries. `asked` may hold step, problem, note, next, and the token of a link to confirm."""
    provider = db.execute(select(ProviderSettings).where(col(ProviderSettings.id) == 1)).scalar_one_or_none()
    challenge = _newest(db, visitor, now)
    step = _step(asked, challenge)
    return LoginView(
        brand=provider.short_name if provider else "Family Portal",
        logo=logo_address(provider) if provider else "",
        privacy_url=provider.policies_url if provider else "",
        step=step,
        email=challenge.email if challenge and step == "code" else "",
        problem=_problem(asked, challenge, step),
        note=_NOTES.get(asked.get("note", ""), ""),
        wait=_wait(challenge, now),
        next=asked.get("next", ""),
        token=asked.get("token", "") if step == "confirm" else "",
        demo_inbox=routes.DEMO_INBOX if visitor.demo and step == "code" else "",
    )


def _newest(db: Session, visitor: Visitor, now: datetime) -> LoginChallenge | None:
    """The last message this browser asked for, whether or not its code still works."""
    if not visitor.token:
        return None
    return db.execute(
        select(LoginChallenge)
        .where(
            col(LoginChallenge.browser_hash) == token_hash(visitor.token),
            col(LoginChallenge.created_at) > now - REMEMBERED,
        )
        .order_by(col(LoginChallenge.created_at).desc(), col(LoginChallenge.id).desc())
        .limit(1)
    ).scalar()


def _step(asked: Mapping[str, str], challenge: LoginChallenge | None) -> str:
    step = asked.get("step", "")
    if step in ("link_used", "link_expired"):
        return step
    if step == "confirm":
        return "confirm" if asked.get("token") else "email"
    return "code" if step == "code" and challenge is not None else "email"


def _problem(asked: Mapping[str, str], challenge: LoginChallenge | None, step: str) -> str:
    key = asked.get("problem", "")
    if asked.get("step") == "code" and step == "email":
        key = "unknown_browser"
    words = _PROBLEMS.get(key, "")
    left = TRIES - challenge.tries if challenge else 0
    if key == "wrong" and left > 0:
        return f"{words} You have {counted(left, 'try', 'tries')} left."
    return words


def _wait(challenge: LoginChallenge | None, now: datetime) -> str:
    """Until another message may be asked for, as a CSS time."""
    if challenge is None:
        return "0s"
    left = challenge.created_at + RESEND_AFTER - now
    return f"{max(0, int(left.total_seconds()))}s"
