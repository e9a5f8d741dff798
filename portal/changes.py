"""What a committed transaction changed, told to whoever listens: a hint that carries no data.

A topic is "family:ID", "guardian:ID", "login:ID", "everyone" or "outbox" (there is something to send). A window
that follows a topic asks its own page again.
"""

import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar

EVERYONE = "everyone"
OUTBOX = "outbox"
Listener = Callable[[frozenset[str]], None]

acting_window: ContextVar[str] = ContextVar("acting_window", default="")
"""The window whose handler commits: it reloads by itself and needs no hint."""

_listeners: list[Listener] = []
_log = logging.getLogger(__name__)


def family(family_id: int) -> str:
    """The topic of everything a family sees."""
    return f"family:{family_id}"


def guardian(guardian_id: int) -> str:
    """The topic of what belongs to one adult: shares, consents, choices."""
    return f"guardian:{guardian_id}"


def login(login_id: int) -> str:
    """The topic of one signed-in browser: ended, or another member chosen."""
    return f"login:{login_id}"


def listen(listener: Listener) -> Callable[[], None]:
    """Hear of every commit of this process; returns the way to stop. Called in the committing thread."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def announce(topics: Iterable[str]) -> None:
    """Tell the listeners; a listener that fails never fails the commit it hears of."""
    told = frozenset(topics)
    if not told:
        return
    for listener in _listeners:
        try:
            listener(told)
        except Exception:  # noqa: BLE001 - the commit has happened, whatever its listeners make of it
            _log.exception("a listener of changes failed")
