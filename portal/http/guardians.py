"""What only a signed-in guardian may fetch: authorised by the login cookie alone, kept by no cache."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from portal import clock, i18n, routes
from portal.actor import Actor, ActorKind
from portal.db import reading
from portal.errors import DatabaseUnavailable, NotFound, PortalError
from portal.http.cookies import token_from
from portal.http.documents import unavailable
from portal.http.threads import in_thread
from portal.services.logins import actor_of

NEVER_KEPT = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
Answer = Callable[[Session, Actor, Request], Response]
"""In a thread, in one reading; a refusal is said in words, NotFound when it is not theirs."""


def for_guardian(answer: Answer, *, before_consent: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """The route that answers so; others sign in first, and agree first unless it is theirs `before_consent`."""

    def admitted(request: Request) -> Response:
        with reading() as db:
            actor = actor_of(db, token_from(request.headers.get("cookie", "")), clock.now())
            if actor is None or actor.kind is not ActorKind.GUARDIAN:
                return _first(routes.LOGIN, request)
            if actor.consents_due and not before_consent:
                return _first(routes.CONSENT, request)
            return answer(db, actor, request)

    async def serve(request: Request) -> Response:
        try:
            return await in_thread(admitted, request)
        except DatabaseUnavailable:
            return unavailable()
        except PortalError as refusal:
            words = i18n.say(refusal.message_key, refusal.values)
            status = HTTPStatus.NOT_FOUND if isinstance(refusal, NotFound) else HTTPStatus.CONFLICT
            return PlainTextResponse(words, status, NEVER_KEPT)

    return serve


def _first(where: str, request: Request) -> Response:
    """Somewhere else first, and then here."""
    return RedirectResponse(f"{where}?next={quote(request.url.path)}", HTTPStatus.SEE_OTHER, NEVER_KEPT)
