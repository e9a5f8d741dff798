"""What home shows."""

import reflex as rx

from portal.rows.home import HomeView
from portal.services import home
from portal.state.base import PageState


class HomeState(PageState, rx.State):
    """Everything home shows, for every choice of the member switcher at once."""

    view: HomeView = HomeView()
    service = staticmethod(home.read)
