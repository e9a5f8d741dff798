"""A window without a browser: a raw socket that says whatever it likes, as an attacker would write it."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

STATE = "reflex___state____state"
BOOT = f"{STATE}.hydrate_and_load"
COOKIE = "portal_session"
_NAMESPACE = "/_event"
_MARK, _HYDRATED = f"{STATE}.set_is_hydrated", '"is_hydrated_rx_state_": {}'
QUIET = 0.4
"""Seconds without a message after which everything that was asked counts as answered."""


def handler(state: type[Any], name: str) -> str:
    """The full name a client calls a handler by."""
    return f"{state.get_full_name()}.{name}"


@dataclass
class Window:
    """One connection; `token` names the window and survives reconnecting, as in a browser's tab."""

    socket: ClientConnection
    token: str
    tab: ExitStack
    path: str = "/"
    answers: list[dict[str, Any]] = field(default_factory=list)
    closed: bool = False

    def send(self, name: str, payload: Any = None, path: str | None = None, **more: Any) -> None:
        """Call a handler; nothing is waited for."""
        asked = path or self.path
        router = {"pathname": asked.partition("?")[0], "asPath": asked}
        event = {"name": name, "payload": {} if payload is None else payload, "router_data": router, **more}
        self.raw(f"42{_NAMESPACE},{json.dumps(['event', event])}")

    def raw(self, text: str | bytes) -> None:
        """Put anything on the wire; a connection the server has closed takes nothing."""
        try:
            self.socket.send(text)
        except ConnectionClosed:
            self.closed = True

    def read(self, quiet: float = QUIET) -> list[dict[str, Any]]:
        """Every update that comes until the server has been quiet for so long."""
        found: list[dict[str, Any]] = []
        while (update := self._next(quiet)) is not None:
            found.append(update)
        return found

    def answers_to_all(self) -> list[dict[str, Any]]:
        """Every update until all that was sent is answered: events of a window are handled in their order."""
        for mark in (True, False):
            self.send(_MARK, {"value": mark})
        found: list[dict[str, Any]] = []
        # Loading marks the window too, always false before true; so the false after a true is ours.
        marked = any(_HYDRATED.format("true") in json.dumps(one) for one in self.answers)
        while (update := self._next(30)) is not None:
            found.append(update)
            text = json.dumps(update)
            if marked and _HYDRATED.format("false") in text:
                return found
            marked = marked or _HYDRATED.format("true") in text
        raise TimeoutError("not everything that was sent was answered")

    def wait_for(self, wanted: str, seconds: float = 10) -> float:
        """Read until an update holds this text; how long that took."""
        begun = monotonic()
        while (left := begun + seconds - monotonic()) > 0:
            update = self._next(left)
            if update is not None and wanted in json.dumps(update, ensure_ascii=False):
                return monotonic() - begun
        raise TimeoutError(f"no update held {wanted!r} within {seconds:.0f} s")

    def page(self) -> str:
        """Read until the page is there; everything that was told until then."""
        self.wait_for('"status_rx_state_": "ready"')
        return said(self.answers)

    def follow(self, seconds: float, wanted: str = "") -> float:
        """Do what a browser does with hints: send back the events that updates carry. Ends at `wanted`."""
        begun = monotonic()
        while (left := begun + seconds - monotonic()) > 0:
            update = self._next(left)
            if update is None:
                break
            for event in update.get("events") or ():
                if not event["name"].startswith("_"):
                    self.send(event["name"], event.get("payload"))
            if wanted and wanted in json.dumps(update, ensure_ascii=False):
                return monotonic() - begun
        if wanted:
            raise TimeoutError(f"no update held {wanted!r} within {seconds:.0f} s")
        return monotonic() - begun

    def close(self) -> None:
        """Close the tab."""
        self.tab.close()

    def _next(self, seconds: float) -> dict[str, Any] | None:
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0:
            try:
                text = str(self.socket.recv(timeout=left))
            except TimeoutError:
                return None
            except ConnectionClosed:
                self.closed = True
                return None
            if text == "2":
                self.raw("3")
            elif text.startswith(f"42{_NAMESPACE},"):
                name, body = json.loads(text.removeprefix(f"42{_NAMESPACE},"))
                if name == "new_token":
                    self.token = body
                if name == "event":
                    self.answers.append(body)
                    return dict(body)
        return None


def open_window(
    url: str, login: str = "", token: str | None = None, *, path: str = "/", boot: bool = True, **headers: str
) -> Window:
    """Connect as a tab does: with the cookie of `login`, and the event that loads the window's page."""
    name = token or str(uuid.uuid4())
    said = {"Origin": url, **({"Cookie": f"{COOKIE}={login}"} if login else {}), **headers}
    tab = ExitStack()
    wanted = connect(
        f"{url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={name}",
        additional_headers={key: value for key, value in said.items() if value},
        max_size=None,
        compression=None,
    )
    socket = tab.enter_context(wanted)
    window = Window(socket, name, tab, path)
    socket.recv(timeout=10)
    window.raw(f"40{_NAMESPACE},")
    if boot:
        window.send(BOOT)
    return window


@contextmanager
def windows() -> Iterator[list[Window]]:
    """A list whose windows are closed at the end."""
    opened: list[Window] = []
    try:
        yield opened
    finally:
        for window in opened:
            window.close()


def said(updates: list[dict[str, Any]]) -> str:
    """Everything the updates say, as one text."""
    return json.dumps(updates, ensure_ascii=False)
