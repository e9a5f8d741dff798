"""The HTML documents of the pages: who is signed in is known at the GET, so the first view travels in them.

The build's documents are the same for everybody: a skeleton, and a slot. For a signed-in family the slot is filled
with the page as it will be drawn, and React takes over when it is there. What is sent is never kept in any cache.
"""

import gzip
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

import anyio
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import clock, routes
from portal.actor import Actor, ActorKind
from portal.db import reading
from portal.errors import DatabaseUnavailable, NotFound, SchemaOutOfDate
from portal.http.cookies import BROWSER, browser_from, token_from
from portal.http.threads import in_thread
from portal.services.brand import Brand, brand
from portal.services.logins import actor_of

SLOT = re.compile(r'(<div[^>]*\bclass="first-view"[^>]*>)(</div>)')
PART = re.compile(r'<!--\$--><div class="first-view"></div>.*?<!--/\$-->', re.DOTALL)
"""The built page's slot and skeleton between React's own marks: what it takes over when the rows come along."""
_log = logging.getLogger(__name__)


class Sight(NamedTuple):
    """A first view as HTML, and as JSON the rows it was made from, where the live page goes on from them."""

    html: str
    held: str = ""


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
            return await in_thread(self._answer, page, asked, token, built, scope)
        except (DatabaseUnavailable, SchemaOutOfDate):
            return unavailable()

    def _answer(
        self, page: Document, asked: dict[str, str], token: str, built: str, scope: Scope
    ) -> Response:
        """In a thread: who looks, what they see, as one response."""
        now = clock.now()
        with reading() as db:
            actor = actor_of(db, token, now)
            elsewhere = _elsewhere(page, actor, scope)
            if elsewhere:
                return RedirectResponse(
                    elsewhere, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"}
                )
            # Only the cookie says which browser it is, whatever the address says.
            asked |= {BROWSER: browser_from(Headers(scope=scope).get("cookie", ""))}
            status, first = self._first_view(page, db, actor, now, asked)
            return _html(_fill(built, brand(db), page.title, first), status, Headers(scope=scope))

    def _first_view(
        self, page: Document, db: Session, actor: Actor | None, now: datetime, asked: dict[str, str]
    ) -> tuple[HTTPStatus, Sight]:
        try:
            return HTTPStatus.OK, page.first_view(db, actor, now, asked)
        except NotFound:
            return HTTPStatus.NOT_FOUND, self._missing(db, actor, now, asked)

    async def _document(self, page: Document, scope: Scope) -> str:
        """The build's own document, read once through the app behind."""
        if page.route not in self._built:
            self._built[page.route] = (await _fetch(self._app, scope)).decode()
        return self._built[page.route]


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


def _fill(built: str, of: Brand, title: str, first: Sight) -> str:
    """The brand's colour and name, the title, the first view and its rows, put into the build's document."""
    known = f'<style id="brand">:root{{--brand:{of.color}}}</style>'
    known += f'<meta name="application-name" content="{escape(of.short_name)}">'
    name = escape(f"{title} · {of.short_name}" if title else of.short_name)
    built = re.sub(r"<title>.*?</title>", lambda _: f"<title>{name}</title>", built, count=1, flags=re.DOTALL)
    built = built.replace("</head>", f"{known}</head>", 1)
    if first.held:
        built = built.replace(
            "<body>", f'<body><template id="held">{_in_a_template(first.held)}</template>', 1
        )
        built, taken = PART.subn(lambda _: f"<!--$-->{first.html}<!--/$-->", built, count=1)
        if taken:
            return built
    return SLOT.sub(lambda found: f"{found[1]}{first.html}{found[2]}", built, count=1)


def _in_a_template(json: str) -> str:
    """JSON that the browser reads as one text: nothing in it can open an element or an entity."""
    return json.replace("&", "\\u0026").replace("<", "\\u003c")


def _html(text: str, status: HTTPStatus, asked: Headers) -> Response:
    headers = {"Cache-Control": "private, no-store", "Vary": "Cookie, Accept-Encoding"}
    body = text.encode()
    if "gzip" in asked.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, media_type="text/html")


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
