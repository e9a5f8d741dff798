"""What every answer says: which scripts may run, who may frame the portal, what may be kept for how long."""

import asyncio
import base64
import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.errors import PortalError

CLOSED = ("/ping", "/_upload", "/_health", "/_all_routes", "/_event", "/auth-codespace")
"""HTTP routes of the framework that no page of ours uses. Of `/_event` only the websocket is left."""
_INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_A_YEAR = 365 * 24 * 3600
_NAMED = ("/assets/", "/fonts/")
"""Where another content has another name. Other files say in the address which version is meant (`?v=`)."""
_NEVER_KEPT = "private, no-store"
_KEPT_FOR_EVER = f"public, max-age={_A_YEAR}, immutable"
_ALWAYS_ASKED = "no-cache"
_DEVICES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
_log = logging.getLogger(__name__)

Sites = Callable[[], Iterable[str]]
"""The websites that may show the portal in a frame; called in a thread for each document."""


class Harden:
    """Puts the headers on every answer of `app`, except where a route has said something stricter itself."""

    def __init__(
        self,
        app: ASGIApp,
        url: Callable[[], str],
        build: Path,
        framed_by: Sites,
        pays_at: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._app = app
        self._url = url
        self._build = build
        self._framed_by = framed_by
        self._pays_at = pays_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._harden(
                    message, named=path.startswith(_NAMED) or scope["query_string"][:2] == b"v="
                )
            await send(message)

        app = (
            PlainTextResponse("Not Found", HTTPStatus.NOT_FOUND)
            if _is_closed(path) or "\x00" in path or b"%00" in scope["query_string"]
            else self._app
        )
        await app(scope, receive, hardened)

    async def _harden(self, message: Message, *, named: bool) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._everywhere.items():
            headers.setdefault(name, value)
        if headers.get("content-type", "").startswith("text/html"):
            sites = await asyncio.to_thread(_known, self._framed_by)
            headers.setdefault("content-security-policy", self._policy(sites))
        _say_how_long(headers, message["status"], named=named)

    @cached_property
    def _everywhere(self) -> dict[str, str]:
        said = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": ", ".join(f"{device}=()" for device in _DEVICES),
            "cross-origin-opener-policy": "same-origin",
        }
        secure = {"strict-transport-security": f"max-age={_A_YEAR}"} if self._secure else {}
        return said | secure

    def _policy(self, sites: Iterable[str]) -> str:
        return " ".join((f"{self._own_policy}; frame-ancestors 'self'", *sites))

    @cached_property
    def _own_policy(self) -> str:
        """Computed once: the build is what it is for as long as the process runs."""
        scripts = " ".join(f"'{one}'" for one in inline_scripts(self._build))
        live = f"{'wss' if self._secure else 'ws'}://{urlsplit(self._url()).netloc}"
        rules = [
            "default-src 'none'",
            f"script-src 'self' {scripts}".strip(),
            # Custom properties in style attributes carry brand colours and sizes.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' {live}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            # Where a form of ours leads on to counts too: a payment page.
            " ".join(("form-action 'self'", *self._pays_at())),
        ]
        return "; ".join(rules)

    @property
    def _secure(self) -> bool:
        return self._url().startswith("https://")


def inline_scripts(build: Path) -> list[str]:
    """The hashes of the scripts that stand in the built documents, as a policy names them."""
    found = {
        script for page in build.rglob("*.html") for script in _INLINE_SCRIPT.findall(page.read_text("utf-8"))
    }
    return sorted(f"sha256-{_digest(script)}" for script in found if script)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _known(sites: Sites) -> list[str]:
    """In a thread. When the database is away, nobody but the portal itself."""
    try:
        return list(sites())
    except PortalError:
        return []


def _say_how_long(headers: MutableHeaders, status: int, *, named: bool) -> None:
    """Nobody's data is kept anywhere; files whose address names their content for ever; others until they change."""
    if "set-cookie" in headers or headers.get("content-type", "").startswith("text/html"):
        headers["cache-control"] = _NEVER_KEPT
    elif named and "etag" in headers and status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        headers["cache-control"] = _KEPT_FOR_EVER
    else:
        headers.setdefault("cache-control", _ALWAYS_ASKED if "etag" in headers else _NEVER_KEPT)


def _is_closed(path: str) -> bool:
    return any(path == closed or path.startswith(f"{closed}/") for closed in CLOSED)
