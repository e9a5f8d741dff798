"""The sign-in pages."""

from dataclasses import dataclass

from portal.rows.common import Shown


@dataclass(frozen=True)
class LoginView(Shown):
    """One step of signing in.

    `step` is "email", "code", "confirm" (a link opened in another browser), "entering" (in the same one),
    "link_used" or "link_expired"; `email` is the address this browser asked for; `wait` a CSS time until
    another message may be asked for.
    """

    brand: str = ""
    logo: str = ""
    privacy_url: str = ""
    step: str = "email"
    email: str = ""
    problem: str = ""
    note: str = ""
    wait: str = "0s"
    next: str = ""
    token: str = ""
    demo_inbox: str = ""
    no_cookies: bool = False
    """This browser did not keep our mark: inside another website it may keep no cookies for us at all."""
