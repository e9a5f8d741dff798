"""What makes settings unsafe to start with. Each danger names its setting, not its value, and what to do."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from portal.settings import Settings

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
SHORTEST_SECRET = 32
_FEWEST_CHARACTERS = 10
_MAKE_ONE = 'python -c "import secrets; print(secrets.token_urlsafe(48))" makes one'
_PLACEHOLDERS = ("change", "secret", "example", "password", "default")


def dangers(settings: "Settings") -> list[str]:
    """Everything that must be put right before the portal may start; empty when it is safe."""
    of_its_kind = _demo if settings.portal_demo else _production
    return [*_secret(settings), *_always(settings), *of_its_kind(settings)]


def _secret(settings: "Settings") -> Iterator[str]:
    secret = settings.portal_secret
    if not secret:
        yield f"PORTAL_SECRET is missing. Every link and code is keyed with it; {_MAKE_ONE}."
    elif len(secret) < SHORTEST_SECRET:
        yield f"PORTAL_SECRET is shorter than {SHORTEST_SECRET} characters; {_MAKE_ONE}."
    elif len(set(secret)) < _FEWEST_CHARACTERS or secret.lower().startswith(_PLACEHOLDERS):
        yield f"PORTAL_SECRET is a placeholder that anybody can guess; {_MAKE_ONE}."


def _always(settings: "Settings") -> Iterator[str]:
    if settings.workers > 1 and not settings.redis_url:
        yield "WORKERS is more than 1 without REDIS_URL: they could not hear of changes. Set both."
    if settings.stripe_secret_key and not settings.stripe_webhook_secret:
        yield "STRIPE_WEBHOOK_SECRET is missing: without it forged messages look like Stripe's own."
    if bool(settings.whatsapp_token) != bool(settings.whatsapp_phone_id):
        yield "WHATSAPP_TOKEN and WHATSAPP_PHONE_ID belong together: set both or neither."
    if settings.mail_url.kind != "log" and not settings.mail_from:
        yield "MAIL_FROM is missing: mail needs a sender, such as Otterbrook <hello@portal.example>."
    if settings.mail_from and "@" not in parseaddr(settings.mail_from)[1]:
        yield "MAIL_FROM holds no e-mail address. Write it as Otterbrook <hello@portal.example>."


def _production(settings: "Settings") -> Iterator[str]:
    if not settings.portal_url.startswith("https://"):
        yield "PORTAL_URL must be the public address and start with https:// (http: only in a demo)."
    if settings.portal_now:
        yield "PORTAL_NOW moves the clock and is for the demo and tests only. Unset it."
    if settings.mail_url.kind == "log":
        yield "MAIL_URL is missing or log:, which shows sign-in codes in the log. Set smtp:// or resend://."


def _demo(settings: "Settings") -> Iterator[str]:
    site = urlsplit(settings.portal_url)
    if site.scheme != "https" and site.hostname not in LOCAL_HOSTS:
        yield "PORTAL_URL must start with https:// unless it is http://localhost."
    if (settings.stripe_secret_key or "").startswith(("sk_live_", "rk_live_")):
        yield "STRIPE_SECRET_KEY is a live key, and a demo takes no real money. Use a test key."
