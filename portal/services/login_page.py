"""What the sign-in pages say: the step, the address this browser asked for, and problems in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal import i18n, routes
from portal.models.access import LoginChallenge
from portal.models.provider import ProviderSettings
from portal.rows.login import LoginView
from portal.rules.sign_in import TRIES_PER_CODE, NothingAsked
from portal.services.brand import logo_address
from portal.services.logins import token_hash

RESEND_AFTER = timedelta(seconds=45)
REMEMBERED = timedelta(hours=1)
"""How long a browser is told which address it asked for."""
_OUR_KEYS = ("sign_in.", "error.")
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
    hashed: str = ""
    """The token's hash, where only that is known: an open window's connection never carries the cookie."""

    @property
    def mark(self) -> str:
        """What the database holds of this browser; empty when it asked for nothing."""
        return self.hashed or (token_hash(self.token) if self.token else "")


def read(db: Session, visitor: Visitor, now: datetime, asked: Mapping[str, str]) -> LoginView:
    """Two queries. `asked` may hold step, problem, note and next, as the address says them."""
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
        no_cookies=asked.get("step") == "code" and not visitor.mark,
        demo_inbox=routes.DEMO_INBOX if visitor.demo and step == "code" else "",
    )


def _newest(db: Session, visitor: Visitor, now: datetime) -> LoginChallenge | None:
    """The last message this browser asked for, whether or not its code still works."""
    if not visitor.mark:
        return None
    return db.execute(
        select(LoginChallenge)
        .where(
            col(LoginChallenge.browser_hash) == visitor.mark,
            col(LoginChallenge.created_at) > now - REMEMBERED,
        )
        .order_by(col(LoginChallenge.created_at).desc(), col(LoginChallenge.id).desc())
        .limit(1)
    ).scalar()


def of_link(db: Session, step: str, link: str, now: datetime) -> LoginView:
    """The page behind a message's link. Only the link's route gives `link`: a query never fills that form."""
    view = read(db, Visitor(), now, {})
    return replace(view, step=step, token=link if step in ("confirm", "entering") else "")


def _step(asked: Mapping[str, str], challenge: LoginChallenge | None) -> str:
    step = asked.get("step", "")
    if step in ("link_used", "link_expired"):
        return step
    return "code" if step == "code" and challenge is not None else "email"


def _problem(asked: Mapping[str, str], challenge: LoginChallenge | None, step: str) -> str:
    """The refusal's words; what the address says is a key and a number, and never a text."""
    key = asked.get("problem", "")
    if asked.get("step") == "code" and step == "email":
        key = key or NothingAsked.message_key
    left = max(0, TRIES_PER_CODE - challenge.tries) if challenge else 0
    return i18n.say(key, {"count": left}) if key.startswith(_OUR_KEYS) and i18n.known(key) else ""


def _wait(challenge: LoginChallenge | None, now: datetime) -> str:
    """Until another message may be asked for, as a CSS time."""
    if challenge is None:
        return "0s"
    left = challenge.created_at + RESEND_AFTER - now
    return f"{max(0, int(left.total_seconds()))}s"
