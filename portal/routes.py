"""Every path of the portal, once."""

import re
from collections.abc import Mapping

HOME = "/"
LOGIN = "/login"
CONSENT = "/consent"
PAYMENTS = "/payments"
SESSIONS = "/sessions"
BOOKINGS = "/bookings"
BOOKING = "/bookings/[booking_id]"
BENEFITS = "/benefits"
ORDERS = "/orders"
ORDER = "/orders/[order_id]"
ACCOUNT = "/account"
NOT_FOUND = "/404"

AUTH_REQUEST = "/auth/request"
AUTH_CODE = "/auth/code"
AUTH_LINK = "/auth/link"
AUTH_CONSENT = "/auth/consent"
AUTH_FAMILY = "/auth/family"
AUTH_SIGN_OUT = "/auth/sign-out"
AUTH_SIGN_OUT_EVERYWHERE = "/auth/sign-out-everywhere"

EXPORT = "/documents/my-data.zip"
MESSAGES_OFF = "/messages/off"
PAY = "/pay"
DEMO_PAY = "/demo/pay"
WEBHOOK_STRIPE = "/webhooks/stripe"
WEBHOOK_DEMO = "/webhooks/demo"
WEBHOOK_RESEND = "/webhooks/resend"

HEALTH = "/healthz"
DEMO_INBOX = "/demo/inbox"
DEMO_INBOX_JSON = "/demo/inbox.json"
DOCUMENT = "/documents/{public_id}.pdf"
CONSENT_RECORD = "/documents/consents.pdf"
ATTENDANCE_STATEMENT = "/documents/attendance/{public_id}.pdf"
BRAND_LOGO = "/brand/logo"
MANIFEST = "/manifest.webmanifest"


CALENDAR = "/calendar/{token}.ics"
CALENDAR_FEED = "/calendar/feeds/{feed}"
SESSION_FILE = "/documents/sessions/{attendance}.ics"


def calendar(token: str) -> str:
    """A private calendar; the token is its key."""
    return CALENDAR.format(token=token)


def calendar_feed(public_id: str) -> str:
    """What its guardian may ask about a private calendar."""
    return CALENDAR_FEED.format(feed=public_id)


def session_file(attendance: str) -> str:
    """One session as a calendar file."""
    return SESSION_FILE.format(attendance=attendance)


def booking(public_id: str) -> str:
    """The booking's own page."""
    return f"{BOOKINGS}/{public_id}"


def order(public_id: str) -> str:
    """The order's own page."""
    return f"{ORDERS}/{public_id}"


def payment(public_id: str) -> str:
    """The payments page with one payment opened."""
    return f"{PAYMENTS}?open={public_id}"


def document(public_id: str) -> str:
    """A numbered document to download."""
    return DOCUMENT.format(public_id=public_id)


def attendance_statement(booking_public_id: str) -> str:
    """Which sessions of a booking were attended, to download."""
    return ATTENDANCE_STATEMENT.format(public_id=booking_public_id)


def checkout(public_id: str) -> str:
    """The payments page after a visit to the gateway: it waits for what the gateway says."""
    return f"{PAYMENTS}?checkout={public_id}"


def address(route: str, named: Mapping[str, str]) -> str:
    """The path of a route whose [names] are filled in."""
    return re.sub(r"\[(\w+)\]", lambda found: named[found[1]], route)


_PARAMETER = re.compile(r"\\\[(\w+)\\\]")


def names_something(route: str) -> bool:
    """Whether the path says which one is meant: it may not be there, or not be theirs."""
    return _PARAMETER.search(re.escape(route)) is not None


def parameters(route: str, path: str) -> dict[str, str] | None:
    """What a path says in the places of a route's [names]; None when the path is not of this route."""
    pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(route))
    found = re.fullmatch(f"{pattern}/?", path)
    return None if found is None else found.groupdict()
