"""Pages for when something is not there, or went wrong in the browser itself."""

import reflex as rx
from reflex_base.vars.base import Var
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary

from portal import routes
from portal.components.elements import Node, el, hard_link
from portal.components.notes import empty_sign
from portal.components.states import not_found


def missing() -> Node:
    """For an address that no page has."""
    return el.main(not_found(), id="main", class_name="wrap page lone", data={"ready": "true"})


def error_boundary(_stateful: bool) -> rx.Component:
    """Instead of the framework's own page, which shows a family its stack trace."""
    shown = ArgsFunctionOperation.create(("_failure",), Var.create(_broken()))
    return ErrorBoundary.create(fallback_render=shown)


def _broken() -> Node:
    again = hard_link("Reload", href=routes.HOME, class_name="btn small")
    words = "The page stopped working in your browser. Nothing was changed or lost."
    sign = empty_sign("cloud-off", "bad", "Something went wrong here", words, again, role="alert")
    return el.main(el.div(sign, class_name="narrow"), class_name="wrap page lone")
