"""A window that opens a document begins with that document's rows, not with what it showed before.

The document was made a moment ago and its page is read again right after; what the window's state still held would
only come in between, and a sheet that was open would stand over another page, with what was true then. A window that
reconnects brings no document, and gets everything it had.
"""

from typing import Any

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from portal.state.base import PageState, Shell
from portal.state.framework import BOOT
from portal.state.sheet import SheetState


class Arrival(rx.Middleware):
    """Runs after the guard: before the first answer to a new document, every page's rows and sheet are let go."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Only a new document says which defaults it was built with."""
        if event.name == BOOT and event.payload.get("hashes"):
            root = state._get_root_state()  # noqa: SLF001 - the framework's middleware has no public way to it
            for one in type(root).get_substates():
                if _belongs_to_a_document(one):
                    (await root.get_state(one)).reset()
        return None


def _belongs_to_a_document(state: type[BaseState]) -> bool:
    if issubclass(state, SheetState):
        return not state.outlives_reload
    return state is Shell or issubclass(state, PageState)
