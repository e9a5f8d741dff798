"""Every section of the portal: one line each."""

from portal import routes
from portal.pages import home
from portal.pages.frame import Section
from portal.state.home import HomeState

HOME = Section(routes.HOME, "Home", home.body, HomeState, routes.HOME, "your home page")

SECTIONS = (HOME,)
