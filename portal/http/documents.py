"""The HTML documents of the pages: who is signed in is known at the GET, so the first view travels in them.

The build's documents are the same for everybody: a skeleton, and a slot. For a signed-in family the slot is filled
with the page as it will be drawn, and React takes over when it is there. What is sent is never kept in any cache.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

import anyio
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import clock, routes
from portal.actor import Actor, ActorKind
from portal.db import reading
from portal.errors import DatabaseUnavailable, NotFound
from portal.http.cookies import BROWSER, browser_from, token_from
from portal.http.filling import Sight, body, head, packed
from portal.http.threads import in_thread
from portal.services.brand import Brand, brand
from portal.services.logins import actor_of

_FRAMES = ("iframe", "frame")
_EMBEDDED = (
    '<link rel="stylesheet" href="/styles/embedded.css">'
    '<script type="module" src="/embedded.js"></script></head>'
)
"""The layout inside the provider's own website; the browser says where a document is shown."""
_log = logging.getLogger(__name__)


FirstView = Callable[[Session, Actor | None, datetime, Mapping[str, str]], Sight]
"""A page's first view; raises NotFound when there is no such thing for this actor."""


@dataclass(frozen=True)
class Document:
    """One page: its route, the title behind the brand's name, and its first view. `for_signed_out`: only for those."""

    route: str
    title: str
    first_view: FirstView
    protected: bool = True
    for_signed_out: bool = False


class Visit(NamedTuple):
    """Who looks, when, and at what."""

    actor: Actor | None
    brand: Brand
    now: datetime
    asked: Mapping[str, str]


class Documents:
    """Serves the documents of `pages`; everything else goes to the app behind."""

    def __init__(self, app: ASGIApp, pages: Sequence[Document], missing: FirstView) -> None:
        self._app = app
        self._pages = pages
        self._missing = missing
        self._built: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        found = self._find(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        page, named = found
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))) | named
        token = token_from(Headers(scope=scope).get("cookie", ""))
        response = await self._respond(page, asked, token, scope)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Document, dict[str, str]] | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        matches = ((page, routes.parameters(page.route, scope["path"])) for page in self._pages)
        return next(((page, asked) for page, asked in matches if asked is not None), None)

    async def _respond(self, page: Document, asked: dict[str, str], token: str, scope: Scope) -> Response:
        built = await self._document(page, scope)
        try:
            visit = await in_thread(_meet, page, asked, token, scope)
            if isinstance(visit, Response):
                return visit
            if routes.names_something(page.route):
                # Only who looks for it finds out whether it is there.
                status, sight = await in_thread(self._look, page, visit)
                whole = (head(built, visit.brand, page.title), body(built, sight))
                return _html(whole, status, Headers(scope=scope))
            return _html(self._parts(page, built, visit), HTTPStatus.OK, Headers(scope=scope))
        except DatabaseUnavailable:
            return unavailable()

    async def _parts(self, page: Document, built: str, visit: Visit) -> AsyncIterator[str]:
        """The head at once, the page when its rows are read."""
        yield head(built, visit.brand, page.title)
        try:
            _, sight = await in_thread(self._look, page, visit)
        except Exception:  # noqa: BLE001 - an answer that was begun has to be ended
            _log.exception("%s was begun and could not be read", page.title)
            sight = Sight()  # the live page asks again, and says what is wrong
        yield body(built, sight)

    def _look(self, page: Document, visit: Visit) -> tuple[HTTPStatus, Sight]:
        """In a thread."""
        with reading() as db:
            asks = (db, visit.actor, visit.now, visit.asked)
            try:
                return HTTPStatus.OK, page.first_view(*asks)
            except NotFound:
                return HTTPStatus.NOT_FOUND, self._missing(*asks)

    async def _document(self, page: Document, scope: Scope) -> str:
        """The build's own document, read once through the app behind; in a frame, with the layout of one."""
        if page.route not in self._built:
            self._built[page.route] = (await _fetch(self._app, scope)).decode()
        built = self._built[page.route]
        in_frame = Headers(scope=scope).get("sec-fetch-dest") in _FRAMES
        return built.replace("</head>", _EMBEDDED, 1) if in_frame else built


def _meet(page: Document, asked: dict[str, str], token: str, scope: Scope) -> Response | Visit:
    """In a thread: who this is, or where they have to go first."""
    now = clock.now()
    with reading() as db:
        actor = actor_of(db, token, now)
        elsewhere = _elsewhere(page, actor, scope)
        if elsewhere:
            return RedirectResponse(elsewhere, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
        return Visit(actor, brand(db), now, asked if page.protected else asked | _browser(scope))


def _browser(scope: Scope) -> dict[str, str]:
    """Only the cookie says which browser it is, whatever the address says."""
    return {BROWSER: browser_from(Headers(scope=scope).get("cookie", ""))}


def _elsewhere(page: Document, actor: Actor | None, scope: Scope) -> str:
    """Where this visitor has to go first, if anywhere."""
    if actor is None or actor.kind is not ActorKind.GUARDIAN:
        return f"{routes.LOGIN}?next={quote(_address(scope))}" if page.protected else ""
    if page.for_signed_out:
        return routes.HOME
    if actor.consents_due and page.protected and page.route not in (routes.CONSENT, routes.ACCOUNT):
        return f"{routes.CONSENT}?next={quote(_address(scope))}"
    return ""


def _address(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _html(parts: Iterable[str] | AsyncIterator[str], status: HTTPStatus, asked: Headers) -> Response:
    """Parts of one document, each on its way as soon as it is there."""
    headers = {"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Encoding, Sec-Fetch-Dest"}
    if "gzip" not in asked.get("accept-encoding", ""):
        return StreamingResponse(parts, status, headers, media_type="text/html")
    headers["Content-Encoding"] = "gzip"
    return StreamingResponse(packed(parts), status, headers, media_type="text/html")


async def away(_request: Request, _error: Exception) -> Response:
    """The same for a route that fails."""
    return unavailable()


def unavailable() -> Response:
    """What a family sees while the database cannot be reached."""
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>Back in a moment</title>"
        "<style>body{font:1rem/1.5 system-ui;max-width:34rem;margin:20vh auto;padding:0 1rem}"
        "</style><h1>Back in a moment</h1><p>We can’t reach our records just now. Nothing was changed or lost. "
        "Please reload this page in a minute.</p></html>"
    )
    return Response(
        text, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "30", "Cache-Control": "no-store"}, "text/html"
    )


async def _fetch(app: ASGIApp, scope: Scope) -> bytes:
    """What the app behind answers to this request, uncompressed and complete."""
    dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"cookie")
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
    parts: list[bytes] = []
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not asked:
            # A request that has been told once has nothing more to say, and its sender stays.
            await anyio.sleep_forever()
        return asked.pop()

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    path = (
        f"{scope['path'].rstrip('/')}/"  # the built folder itself: without the slash it only redirects there
    )
    # Without extensions the file comes as bytes, not as a path for the server to send.
    await app({**scope, "method": "GET", "path": path, "headers": headers, "extensions": {}}, receive, send)
    return b"".join(parts)
