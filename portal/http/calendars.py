"""Private calendars: the feed that calendar programs look at again and again, its link, one session as a file.

The feed needs no cookie: its address is the key. It is in no log (quiet_logs, deploy/Caddyfile), and asking is limited.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import clock, routes
from portal.actor import Actor
from portal.db import reading, unit_of_work
from portal.documents.calendar_file import MEDIA_TYPE
from portal.errors import DatabaseUnavailable, NotFound
from portal.http.documents import unavailable
from portal.http.guardians import NEVER_KEPT, for_guardian
from portal.http.origin import client_address
from portal.http.threads import in_thread
from portal.services import calendar_feeds, calendar_reading
from portal.services.calendar_reading import Handout
from portal.services.logins import token_hash
from portal.settings import current

_KEPT = {"Cache-Control": "private, max-age=300", "Vary": "Accept-Encoding"}
_QUIET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
_GONE = "This calendar link does not work. It may have been replaced: the portal's Sessions page has the new one.\n"


@dataclass(frozen=True)
class Limits:
    """A calendar program asks a few times an hour; who guesses asks for links that do not exist."""

    a_link: RateLimitItem = field(default_factory=lambda: RateLimitItemPerHour(120))
    unknown_from_an_address: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(20))
    _limiter: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage())
    )

    def may_ask(self, token: str, address: str) -> bool:
        """Whether one more look is within bounds."""
        may_guess = self._limiter.test(self.unknown_from_an_address, address)
        return may_guess and self._limiter.hit(self.a_link, token_hash(token))

    def was_unknown(self, address: str) -> None:
        """Somebody at this address asked for what does not exist."""
        self._limiter.hit(self.unknown_from_an_address, address)


limits = Limits()


async def feed(request: Request) -> Response:
    """The calendar behind a token; 304 when the program has it already, 404 for every token that opens nothing."""
    token, address = request.path_params["token"], client_address(request, current().trusted_proxies)
    if not limits.may_ask(token, address):
        headers = {"Retry-After": "3600", **NEVER_KEPT, **_QUIET}
        return PlainTextResponse("Too many requests.\n", HTTPStatus.TOO_MANY_REQUESTS, headers)
    try:
        found = await in_thread(_hand_out, token)
    except NotFound:
        limits.was_unknown(address)
        return PlainTextResponse(_GONE, HTTPStatus.NOT_FOUND, {**NEVER_KEPT, **_QUIET})
    except DatabaseUnavailable:
        return unavailable()
    return _answer(found, request.headers, only_head=request.method == "HEAD")


def _hand_out(token: str) -> Handout:
    now = clock.now()
    with reading() as db:
        found = calendar_reading.read(db, token, current().portal_url, now)
    if found.is_new:
        with unit_of_work() as db:
            calendar_reading.remember(db, found)
    return found


def _answer(found: Handout, asked: Headers, *, only_head: bool) -> Response:
    headers = {
        "ETag": f'"{found.mark}"',
        "Last-Modified": format_datetime(found.since.astimezone(UTC), usegmt=True),
        **_KEPT,
        **_QUIET,
    }
    if _has_it(found, asked):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers |= {
        "Content-Disposition": 'inline; filename="sessions.ics"',
        "Content-Length": str(len(found.body)),
    }
    return Response(b"" if only_head else found.body, headers=headers, media_type=MEDIA_TYPE)


def _has_it(found: Handout, asked: Headers) -> bool:
    """By its mark; by its time only where the program does not know marks (RFC 9110, 13.2.2)."""
    marks = asked.get("if-none-match")
    if marks is not None:
        named = {mark.strip().removeprefix("W/") for mark in marks.split(",")}
        return "*" in named or f'"{found.mark}"' in named
    since = _instant(asked.get("if-modified-since", ""))
    return since is not None and found.since.replace(microsecond=0) <= since


def _instant(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _subscribe(db: Session, actor: Actor, request: Request) -> Response:
    """Into the calendar program: webcal is the same address, called by the name that programs listen to."""
    path = calendar_feeds.address(db, actor, request.path_params["feed"], current().portal_secret)
    host = current().portal_url.partition("://")[2]
    return RedirectResponse(f"webcal://{host}{path}", HTTPStatus.SEE_OTHER, {**NEVER_KEPT, **_QUIET})


def _address(db: Session, actor: Actor, request: Request) -> Response:
    """The link to copy; in no page and no state, for whoever has it sees the sessions."""
    path = calendar_feeds.address(db, actor, request.path_params["feed"], current().portal_secret)
    return JSONResponse({"address": f"{current().portal_url}{path}"}, headers={**NEVER_KEPT, **_QUIET})


def _one_session(db: Session, actor: Actor, request: Request) -> Response:
    attendance = request.path_params["attendance"]
    body = calendar_reading.one_session(db, actor, attendance, current().portal_url, clock.now())
    headers = {"Content-Disposition": 'attachment; filename="session.ics"', **NEVER_KEPT}
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


ROUTES = [
    Route(f"{routes.CALENDAR_FEED}/subscribe", for_guardian(_subscribe)),
    Route(f"{routes.CALENDAR_FEED}/address", for_guardian(_address)),
    Route(routes.CALENDAR, feed),
    Route(routes.SESSION_FILE, for_guardian(_one_session)),
]
