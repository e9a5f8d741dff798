"""The guard before every handler: default deny, and the login session read from the database on each event.

Anybody with a socket can name any handler with any arguments, and the client's token is a bearer key to a
window's state. So nothing the client says is believed: who acts comes from the cookie of the connection, and
a state that was filled for another login is emptied before anything of it is shown.
"""

# ruff: noqa: SLF001 - the framework's middleware has no public way to a state's root and changes

import logging
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import quote

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from portal import routes
from portal.actor import Actor
from portal.changes import acting_window
from portal.errors import DatabaseUnavailable, SignedOut
from portal.http.socket_gate import KNOWN_AS
from portal.state.framework import BOOT, FRAMEWORK
from portal.state.live import hub
from portal.state.policies import Rule, rule_of
from portal.state.standing import who_is

_LONGEST_NEXT = 300
_LONGEST_NAME = 120
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_log = logging.getLogger(__name__)


def actor() -> Actor:
    """Who acts in this event, as the guard found them; SignedOut for nobody."""
    found = _actor.get()
    if found is None:
        raise SignedOut
    return found


def event_rule(name: str) -> Rule | None:
    """The rule of a registered handler, by its full name; None when nobody may call it."""
    if name in FRAMEWORK:
        return FRAMEWORK[name]
    registered = RegistrationContext.get().event_handlers.get(name)
    return rule_of(registered.handler.fn) if registered else None


def browser() -> str:
    """The hash of the mark this event's browser got when it asked for a sign-in message; empty for none."""
    return _Asked.now().browser


class Bound(rx.State):
    """Whom the window's state was filled for: a login, else a browser. Never sent to the browser."""

    _whom: str = ""


class Guard(rx.Middleware):
    """Runs before every handler, whether a client, another handler, a page load or the framework calls it."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the handler run; anything else is what the window gets instead."""
        root = state._get_root_state()
        asked = _Asked.now()
        acting_window.set(asked.window)
        try:
            found = await who_is(asked.login)
        except DatabaseUnavailable:
            return await _not_now(root, event, asked.window)
        _actor.set(found)
        declared = event_rule(event.name)
        welcome = bool(declared and declared.admits(found) and declared.fits(event.payload))
        emptied = await _bind(root, _whom(found, asked), asked.window, welcome=welcome)
        if welcome:
            return None
        first = _first(declared, found, event.name)
        events = Event.from_event_type(rx.redirect(asked.after(first))) if first else []
        return StateUpdate(delta=await _delta(root) if emptied else {}, events=events)


class _Asked(NamedTuple):
    """What the connection says of an event: the window, the hashes of its two cookies, the page it is on."""

    window: str
    login: str
    browser: str
    page: str

    @classmethod
    def now(cls) -> "_Asked":
        # Of this very event: what the state remembers may come from an earlier connection.
        said = EventContext.get()
        headers = said.router_data.get("headers") or {}
        login, _, mark = str(headers.get(KNOWN_AS) or "").partition(":")
        return cls(said.token, login, mark, str(said.router_data.get("asPath") or ""))

    def after(self, first: str) -> str:
        """`first`, and then back to the page that asked; only ever to a page of this portal."""
        here = self.page.startswith("/") and not self.page.startswith(("//", "/\\", first))
        wanted = here and self.page != routes.HOME and len(self.page) <= _LONGEST_NEXT
        return f"{first}?next={quote(self.page)}" if wanted else first


def _first(declared: Rule | None, found: Actor | None, name: str) -> str:
    """Where whoever is refused goes first: to sign in, or to answer a consent. Others are left alone."""
    if declared is None:
        _log.warning("refused: nobody may call %r", name[:_LONGEST_NAME])
    elif declared.admits(found):
        _log.warning("refused: arguments that do not fit %s", name)
    elif found is None:
        return routes.LOGIN
    elif found.consents_due:
        return routes.CONSENT
    else:
        _log.warning("refused: %s is not for this %s", name, found.kind)
    return ""


async def _not_now(root: BaseState, event: Event, window: str) -> StateUpdate:
    """Without a database nobody is known: a window keeps what it has, and is asked again later."""
    state = RegistrationContext.get().event_handlers[event.name].states[0]
    tell = getattr(await root.get_state(state), "_tell", None)
    if event.name in FRAMEWORK:
        hub.ask_again(window, BOOT)
    if tell is None:
        return StateUpdate()
    hub.ask_again(window, f"{state.get_full_name()}.load")
    tell(DatabaseUnavailable())
    # What has changed is only what _tell() changed: nobody's rows can be among it.
    return StateUpdate(delta=await _delta(root))


def _whom(found: Actor | None, asked: _Asked) -> str:
    """A login with the family it has open; a browser for somebody who is not signed in."""
    if found is None:
        return f"browser:{asked.browser}"
    return f"{found.kind}:{found.login_id}:{found.family_id}"


async def _bind(root: BaseState, whom: str, window: str, *, welcome: bool) -> bool:
    """Empty the whole state when it was filled for somebody else than who asks; whether it is now another's."""
    bound = await root.get_state(Bound)
    if bound._whom == whom:
        return False
    # A new state holds nothing of anybody. What its window shows may be older, so who is refused is told.
    if bound._whom or not welcome:
        hub.forget(window)
        await _load_tree(root)
        root.reset()
    bound._whom = whom
    return True


async def _load_tree(root: BaseState) -> None:
    """With Redis only the substates an event needs are loaded, and only loaded ones can be emptied."""
    waiting = list(type(root).get_substates())
    while waiting:
        one = waiting.pop()
        await root.get_state(one)
        waiting.extend(one.get_substates())


async def _delta(root: BaseState) -> dict[str, Any]:
    """Everything that changed, for the window to take over; afterwards nothing counts as changed."""
    delta = await root._get_resolved_delta()
    root._clean()
    return dict(delta)
