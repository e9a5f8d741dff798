"""What home shows."""

from portal.rows.home import HomeView
from portal.services import home
from portal.state.base import PageState


class HomeState(PageState):
    """Everything home shows, for every choice of the member switcher at once."""

    view: HomeView = HomeView()
    _read = staticmethod(home.read)
