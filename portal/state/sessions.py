"""What the sessions page shows."""

import reflex as rx

from portal.rows.sessions import SessionsView
from portal.services import sessions
from portal.state.base import PageState


class SessionsState(PageState, rx.State):
    """What is coming, or the history, as the address asks."""

    view: SessionsView = SessionsView()
    service = staticmethod(sessions.read)
