"""The gate before the live connection: whose page asks, how much and how often, and who is signed in.

The session cookie ends here. What goes on to the framework, and so into its states, stores and logs, is the
hash that the database holds too, which opens nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.http import frames
from portal.http.cookies import browser_from, token_from
from portal.relay import Line
from portal.services.logins import token_hash

PATH = "/_event"
KNOWN_AS = "authorization"
"""Says who connects: the hashes of the login's and the browser's cookie, "login:browser". The header is set
here only, a client's own is dropped, and the framework hands this one on to no browser."""
LARGEST = 64 * 1024
_NOT_OURS = 1008
_BINARY = 1003
_TOO_BIG = 1009
_TOO_OFTEN = 1008
_STRANGE = 1008
_TRY_AGAIN_LATER = 1013
_LONGEST_NAME = 120
_DROPPED = {b"cookie", KNOWN_AS.encode(), b"proxy-authorization"}
_connections = count()
_log = logging.getLogger(__name__)

Address = Callable[[Scope], str]
"""The network address a connection comes from, as limits count it."""


def peer(scope: Scope) -> str:
    """The address at the other end; right where no proxy stands in between."""
    return str((scope.get("client") or ("unknown",))[0])


@dataclass(frozen=True)
class Rates:
    """How often one window may send and one address connect; a family tapping fast stays far below.

    Counted by the clock's own seconds and minutes, which costs each message half of what sliding ones would.
    """

    a_second: int = 40
    _limiter: FixedWindowRateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))

    def message(self, connection: str) -> bool:
        """Whether one more message is within bounds: so many a second, and 15 times that in a minute."""
        return all(self._limiter.hit(limit, "message", connection) for limit in self._of_messages)

    def connection(self, address: str) -> bool:
        """Whether one more connection is within bounds; a whole school may share an address."""
        return self._limiter.hit(RateLimitItemPerMinute(30 * self.a_second), "connection", address)

    @cached_property
    def _of_messages(self) -> tuple[RateLimitItem, ...]:
        return RateLimitItemPerSecond(self.a_second), RateLimitItemPerMinute(15 * self.a_second)


class SocketGate:
    """Lets websockets of our own pages through to `app`, and their messages within bounds."""

    def __init__(
        self,
        app: ASGIApp,
        origins: Callable[[], Collection[str]],
        is_known: Callable[[str], bool],
        rates: Callable[[], Rates] = Rates,
        address: Address = peer,
        line: Line | None = None,
    ) -> None:
        self._app = app
        self._line = line or Line()
        self._origins = origins
        self._is_known = is_known
        self._make_rates = rates
        self._rates: Rates | None = None
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        self._rates = self._rates or self._make_rates()
        refused = self._refused(scope, self._rates)
        if refused:
            _log.warning("refused a connection: %s", refused)
            await receive()
            await send({"type": "websocket.close", "code": _NOT_OURS})
            return
        if not self._line.up:
            # An open socket that answers nothing would look well; a closed one says that it is reconnecting.
            await receive()
            await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})
            return
        bounded = _Bounded(receive, send, self._rates, self._is_known)
        forget = self._line.listen(bounded.hang_up)
        try:
            await self._app(_without_cookie(scope), bounded.receive, bounded.send)
        finally:
            forget()

    def _refused(self, scope: Scope, rates: Rates) -> str:
        if scope["path"].rstrip("/") != PATH:
            return "there is no socket at this path"
        origin = Headers(scope=scope).get("origin")
        if origin is None or origin not in self._origins():
            return "it names no origin" if origin is None else "its page is of another site"
        return "" if rates.connection(self._address(scope)) else "too many connections from its address"


class _Bounded:
    """One connection: closed as soon as it sends too much, too often, or what no page of ours sends."""

    def __init__(self, receive: Receive, send: Send, rates: Rates, is_known: Callable[[str], bool]) -> None:
        self._receive = receive
        self._send = send
        self._rates = rates
        self._is_known = is_known
        self._name = str(next(_connections))
        self._closed = False
        self._hung_up = False
        self._reader: asyncio.Task[object] | None = None

    async def receive(self) -> Message:
        """The next message within bounds; the end of the connection for one that is not."""
        while True:
            message = await self._next()
            if message is None:
                return await self._end(_TRY_AGAIN_LATER)
            if message["type"] != "websocket.receive":
                return message
            code, event = self._judge(message.get("text"))
            if code:
                return await self._end(code)
            if not event or self._is_known(event):
                return message
            # Perhaps a page of an older version: it is told to reload when it connects.
            _log.warning("ignored: there is no event %r", event[:_LONGEST_NAME])

    async def send(self, message: Message) -> None:
        """Nothing more once it is closed."""
        if not self._closed:
            await self._send(message)

    def hang_up(self) -> None:
        """Close it from here: what it shows cannot be kept true. The browser says so, and tries again."""
        self._hung_up = True
        if self._reader is not None:
            self._reader.cancel()

    async def _next(self) -> Message | None:
        """What comes next; None when it is to be closed from here."""
        if self._hung_up:
            return None
        # Whoever waits here is woken by hang_up(); a task of its own for each message would cost more than the message.
        self._reader = reader = asyncio.current_task()
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if not self._hung_up or reader is None or reader.uncancel():
                raise
            return None
        finally:
            self._reader = None

    def _judge(self, text: str | None) -> tuple[int, str]:
        """The code to close with, or 0 and the event that the message carries."""
        if text is None:
            return _BINARY, ""
        if len(text) > LARGEST or len(text.encode()) > LARGEST:
            return _TOO_BIG, ""
        if not self._rates.message(self._name):
            return _TOO_OFTEN, ""
        event = frames.event_of(text)
        return (_STRANGE, "") if event is None else (0, event)

    async def _end(self, code: int) -> Message:
        _log.warning("closed a connection with code %d", code)
        await self._send({"type": "websocket.close", "code": code})
        self._closed = True
        return {"type": "websocket.disconnect", "code": code}


def _without_cookie(scope: Scope) -> Scope:
    """The same connection, saying who is signed in instead of carrying the key."""
    cookie = Headers(scope=scope).get("cookie", "")
    hashes = [token_hash(token) if token else "" for token in (token_from(cookie), browser_from(cookie))]
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in _DROPPED]
    return {**scope, "headers": [*headers, (KNOWN_AS.encode(), ":".join(hashes).encode())]}
