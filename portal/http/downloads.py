"""Documents to download: authorised by the login cookie alone, kept by no cache."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

import anyio.to_thread
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import clock, i18n, routes
from portal.actor import Actor, ActorKind
from portal.db import reading
from portal.errors import DatabaseUnavailable, NotFound, SchemaOutOfDate
from portal.http.cookies import token_from
from portal.http.documents import unavailable
from portal.services import downloads, records
from portal.services.downloads import File
from portal.services.logins import actor_of

Making = Callable[[Session, Actor, str, datetime], File]
"""What is asked for, for whoever asks; NotFound when it is not theirs."""
_NEVER_KEPT = {"Cache-Control": "private, no-store", "Vary": "Cookie"}


def _serving(make: Making) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        asked = request.path_params.get("public_id", "")
        token = token_from(request.headers.get("cookie", ""))
        return await anyio.to_thread.run_sync(partial(_answer, make, asked, token, request.url.path))

    return serve


def _answer(make: Making, asked: str, token: str, path: str) -> Response:
    """In a thread: drawing a page takes some hundredths of a second."""
    now = clock.now()
    try:
        with reading() as db:
            actor = actor_of(db, token, now)
            if actor is None or actor.kind is not ActorKind.GUARDIAN:
                return _first(routes.LOGIN, path)
            if actor.consents_due and path != routes.CONSENT_RECORD:
                return _first(routes.CONSENT, path)
            return _file(make(db, actor, asked, now))
    except NotFound:
        words = i18n.say(NotFound.message_key)
        return PlainTextResponse(words, HTTPStatus.NOT_FOUND, headers=_NEVER_KEPT)
    except (DatabaseUnavailable, SchemaOutOfDate):
        return unavailable()


def _first(where: str, path: str) -> Response:
    """Somewhere else first, and then here."""
    return RedirectResponse(f"{where}?next={quote(path)}", HTTPStatus.SEE_OTHER, headers=_NEVER_KEPT)


def _file(found: File) -> Response:
    """Opened by the browser's own reader where it has one, saved under a name that says what it is."""
    said = {"Content-Disposition": f'inline; filename="{found.name}"'}
    return Response(found.body, headers=_NEVER_KEPT | said, media_type="application/pdf")


ROUTES = [
    Route(routes.CONSENT_RECORD, _serving(records.consents)),
    Route(routes.ATTENDANCE_STATEMENT, _serving(records.attendance)),
    Route(routes.DOCUMENT, _serving(downloads.document)),
]
