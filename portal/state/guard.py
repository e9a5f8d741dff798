"""The guard before every handler: default deny, the session read from the database on each event.

Anybody with a socket can name any handler with any arguments, and the client's token is a bearer key to a window's
state. So nothing the client says is believed: who acts comes from the cookie of the connection, and a state that was
filled for another login is emptied before it is shown.
"""

import logging
from contextvars import ContextVar
from typing import Any

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from portal import clock, routes
from portal.actor import Actor
from portal.db import reading
from portal.errors import SignedOut
from portal.http.cookies import token_from
from portal.services.logins import actor_of
from portal.state.policies import rule_of

_FRAMEWORK = frozenset(
    {"hydrate", "hydrate_and_load", "on_load_internal", "set_is_hydrated", "handle_frontend_exception"}
)
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_log = logging.getLogger(__name__)


def actor() -> Actor:
    """Who acts in this event, as the guard found them; SignedOut for nobody."""
    found = _actor.get()
    if found is None:
        raise SignedOut
    return found


class Bound(rx.State):
    """Which login the window's state was filled for; never sent to the browser."""

    _login: str = ""


class Guard(rx.Middleware):
    """Runs before every handler: called by the client, chained, on load or in the background."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the handler run; anything else is what the client gets instead."""
        root = state._get_root_state()
        found = await rx.run_in_thread(lambda: _read_actor(_cookie(root)))
        _actor.set(found)
        await _bind(root, found)
        name = event.name.rpartition(".")[2]
        if name in _FRAMEWORK:
            return None
        return _refusal(event, found)


def _refusal(event: Event, found: Actor | None) -> StateUpdate | None:
    registered = RegistrationContext.get().event_handlers.get(event.name)
    rule = registered and rule_of(registered.handler.fn)
    if not rule:
        _log.warning("refused a call of a handler without a policy: %s", event.name)
        return StateUpdate()
    if not rule.admits(found):
        return _redirected(found)
    if not rule.fits(dict(event.payload)):
        _log.warning("refused arguments for %s", event.name)
        return StateUpdate()
    return None


def _redirected(found: Actor | None) -> StateUpdate:
    """Nobody signs in first; a guardian with a consent to answer answers first; anyone else is refused."""
    where = routes.LOGIN if found is None else routes.CONSENT if found.consents_due else ""
    return StateUpdate(events=Event.from_event_type(rx.redirect(where))) if where else StateUpdate()


async def _bind(root: BaseState, found: Actor | None) -> None:
    """Empty the whole state when it was filled for another login than the one that asks."""
    bound = await root.get_state(Bound)
    login = "" if found is None else f"{found.kind}:{found.login_id}:{found.family_id}"
    if bound._login == login:
        return
    await _load_tree(root)
    router_data = root.router_data
    root.reset()
    root.router_data = router_data
    bound._login = login


async def _load_tree(root: BaseState) -> None:
    """With Redis only the substates an event needs are loaded, and only loaded ones can be emptied."""
    waiting = list(type(root).get_substates())
    while waiting:
        one = waiting.pop()
        await root.get_state(one)
        waiting.extend(one.get_substates())


def _cookie(root: BaseState) -> str:
    headers: dict[str, Any] = root.router_data.get("headers", {})
    return str(headers.get("cookie") or "")


def _read_actor(cookie: str) -> Actor | None:
    token = token_from(cookie)
    if not token:
        return None
    with reading() as db:
        return actor_of(db, token, clock.now())
