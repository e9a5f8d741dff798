"""How the hub reaches the windows that are connected to this process."""

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event


class Sockets:
    """The open sockets of an app, by the client token that names a window."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    async def send(self, window: str, ask: str) -> None:
        """Make the window send the event called `ask`, over its own socket and through the guard."""
        namespace = self._app.event_namespace
        if namespace is not None:
            await namespace.emit_update(StateUpdate(events=[Event(name=ask)]), token=window)

    def here(self, window: str) -> bool:
        """Whether the window is connected to this process. With Redis the others' windows are known too."""
        namespace = self._app.event_namespace
        if namespace is None:
            return False
        known = namespace._token_manager  # noqa: SLF001 - the public mapping is copied at each look
        record = known.token_to_socket.get(window)
        return record is not None and record.instance_id == known.instance_id
