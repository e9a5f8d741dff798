"""How a section becomes a page: the frame, its states, and the same page as first-view HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx
from reflex.istate.data import URLData
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.utils.format import json_dumps
from reflex_components_core.core.banner import has_connection_errors

from portal import routes
from portal.components.elements import Node, el, fragment, render, when
from portal.components.links import button
from portal.components.notes import alert, toast, toasts
from portal.components.shell import frame
from portal.components.states import could_not_load, not_found, reconnecting, takeover
from portal.components.takeover import part
from portal.rows.shell import ShellView
from portal.state.base import PageState, Shell
from portal.state.toast import Toast

# The only way to keep a value in the browser alone; experimental, hence the pin of Reflex.
_who = rx._x.client_state("who", default="")  # noqa: SLF001 - Reflex calls its experiments so
_chosen = rx.cond(_who.value != "", _who.value, Shell.view.who)
"""The member chosen in this tab; until one is, what the server has kept."""


@dataclass(frozen=True)
class Section:
    """One page of the portal: its route, its title, what is drawn from its view, and the state that holds it."""

    route: str
    title: str
    body: Callable[[Any], Node]
    state: type[PageState]
    current: str
    what: str
    """What could not be loaded, in words: "your sessions"."""
    switcher: bool = True
    sheets: tuple[Callable[[], Node], ...] = ()
    """What may open over the live page: each draws its sheet while it is open, else nothing."""

    def as_built(self) -> Callable[[], rx.Component]:
        """`page` as a function of the body's module: what a module draws is one file of the build.

        As functions of this module all pages would be in one file, and each would bring the others along.
        """
        page = partial(self.page)
        page.__module__ = self.body.__module__
        return page

    def page(self) -> rx.Component:
        """The live page: first view or skeleton, then the section, or why it is not there."""
        return fragment(
            reconnecting(has_connection_errors),
            takeover(self._is_ready(), self._live(), self.current, switcher=self.switcher),
            *(sheet() for sheet in self.sheets),
            _toast(),
        )

    def _is_ready(self) -> Any:
        """What the state holds is of this address: after a reload it may still hold another booking's rows."""
        return (self.state.status != "loading") & (self.state.path == rx.State.router.url.path)

    def first_view(self, shell: ShellView, view: Any) -> str:
        """The same page as HTML, for the document."""
        return render(
            lambda: frame(shell, self.current, part(self.body(view)), who=shell.who, switcher=self.switcher)
        )

    def held(self, shell: ShellView, view: Any, asked: Mapping[str, str]) -> str:
        """What the states hold once this page was read, as JSON: the rows of `first_view`, for the live page."""
        path = routes.address(self.route, asked)
        page = {"view": view, "status": "ready", "path": path}
        states: dict[type[rx.State], dict[str, Any]] = {
            rx.State: {"rx_router_url": URLData(path=path)},
            Shell: {"view": shell},
            self.state: page,
        }
        return json_dumps(
            {
                state.get_full_name(): {f"{name}{FIELD_MARKER}": value for name, value in fields.items()}
                for state, fields in states.items()
            }
        )

    def missing_view(self, shell: ShellView) -> str:
        """The not-found page as HTML."""
        return render(lambda: frame(shell, self.current, not_found(), who=shell.who, switcher=False))

    def _live(self) -> Node:
        again = button("Try again", look="second small", on_click=self.state.load)
        unread = el.div(could_not_load(self.what, self.state.problem, again), class_name="narrow")
        refused = alert("That did not work", self.state.problem)
        problem = when(self.state.problem, when(self.state.status == "error", unread, refused))
        shown = when(self.state.status == "ready", self.body(self.state.view))
        return frame(
            Shell.view,
            self.current,
            part(problem, when(self.state.status == "missing", not_found(), shown)),
            who=_chosen,
            on_choose=_choose,
            on_refresh=self.state.load,
            switcher=self.switcher,
        )


def _toast() -> Node:
    """What was just done, and apart from it what the browser says by itself (copied)."""
    undo = when(Toast.can_undo, el.button("Undo", type="button", on_click=Toast.undo))
    said = el.div(toast(Toast.words, undo), class_name="said", data={"odd": Toast.serial % 2 == 1})
    place = el.div(
        when(Toast.words, said),
        role="status",
        aria={"live": "polite"},
        class_name="toast-place",
        test_id="toast",
    )
    return fragment(place, toasts())


def _choose(member: Any) -> list[Any]:
    """Filter in the browser at once, then tell the server."""
    tell_server: Any = Shell.choose
    return [_who.set_value(member), tell_server(member)]
