"""The framework's own event pipeline with our guard in it; who asks is said as the gate says it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex.app_mixins.middleware import MiddlewareMixin
from reflex.istate.manager import StateManager
from reflex.state import StateUpdate
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import json_dumps

from portal.http.socket_gate import KNOWN_AS
from portal.state.arrival import Arrival
from portal.state.guard import Guard

TAB = "a-tab"


@dataclass
class Wire:
    """What windows are sent, in order."""

    updates: list[tuple[str, StateUpdate]] = field(default_factory=list)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """In the place of a socket."""
        self.updates.append((token, update))


@dataclass
class Pipeline:
    """Send events to it as a window would."""

    processor: BaseStateEventProcessor
    wire: Wire

    async def ask(
        self, event: str, payload: Any = None, login: str = "", tab: str = TAB, path: str = "/", **router: Any
    ) -> str:
        """Send one event and wait for it and all that it leads to; everything that was told, as one text."""
        before = len(self.wire.updates)
        said = {"pathname": path, "asPath": path, "token": tab, "headers": {KNOWN_AS: f"{login}:"}, **router}
        sent = Event(name=event, payload=payload or {}, router_data=said)
        await (await self.processor.enqueue(tab, sent)).wait_all()
        return "\n".join(told(update) for to, update in self.wire.updates[before:] if to == tab)


@asynccontextmanager
async def pipeline(app: rx.App, states: StateManager, *, guarded: bool = True) -> AsyncIterator[Pipeline]:
    """Running events of this app's states; `guarded` False is the control."""
    wire = Wire()
    middleware = MiddlewareMixin()
    if guarded:
        middleware.add_middleware(Guard())
        middleware.add_middleware(Arrival())
    processor = BaseStateEventProcessor(middleware=middleware)
    processor.configure(state_manager=states, event_namespace=wire)  # type: ignore[arg-type]
    with app.set_contexts():
        async with processor:
            yield Pipeline(processor, wire)


def told(update: StateUpdate) -> str:
    """An update as it goes over the wire."""
    return json.dumps(
        json.loads(json_dumps({"delta": update.delta, "events": update.events})), ensure_ascii=False
    )
