"""The sheet in which a session is chosen for a make-up, and the buttons of the nudges that open it."""

from typing import Any

from portal.components.choosing import choice_days, pressed_group
from portal.components.elements import Node, choose, el, fragment, icon, when
from portal.components.links import button
from portal.components.notes import shared_note
from portal.components.sheet import sheet
from portal.state.replacing import MakeUpState

_make_ups: Any = MakeUpState
"""Its handlers take arguments, which their declared type does not know."""


def make_up_sheet() -> Node:
    """Drawn while it is open."""
    view = MakeUpState.view
    filters = pressed_group(view.filters, _filter, _make_ups.narrow, label="Filter", look="jump")
    return when(
        MakeUpState.is_open,
        sheet(
            view.title,
            view.why,
            when(view.filters, filters),
            choice_days(view.days, _make_ups.pick),
            when(view.nothing, el.p(view.nothing, class_name="card pad meta", test_id="nothing-open")),
            when(view.waiting, el.p(view.waiting, class_name="shared box")),
            when(view.note, shared_note(view.note, picture="info")),
            foot=_foot(view),
            on_close=MakeUpState.close,
            problem=MakeUpState.problem,
            test_id="make-up-sheet",
        ),
    )


def make_up_buttons(item: Any) -> Node:
    """What a nudge of a make-up can do; nothing for any other, and for who may only look."""
    small = "second small"
    take = fragment(
        button(item.press, look=small, on_click=_make_ups.take(item.make_up)),
        button(item.decline, look="mute small", on_click=_make_ups.decline(item.make_up)),
    )
    wait = button(item.press, look=small, on_click=_make_ups.wait_for(item.make_up))
    open_sheet = button(item.press, look=small, on_click=_make_ups.choose(item.make_up))
    return when(item.make_up, choose(item.asks, {"take": take, "wait": wait}, open_sheet))


def use_make_up(item: Any) -> Node:
    """The way into the sheet from the session that gave the make-up."""
    return button("Use make-up", look="second small act under", on_click=_make_ups.choose(item.make_up))


def _filter(item: Any) -> tuple[Node, ...]:
    return (when(item.chosen, icon("check", "i i-s")), item.label)


def _foot(view: Any) -> Node:
    book = button(view.button, look="block", on_click=MakeUpState.book)
    wait = button(view.wait, look="block", on_click=MakeUpState.wait)
    stop = button(view.stop, look="second block", on_click=MakeUpState.stop)
    choose_first = when(view.days, el.p("Choose a session.", class_name="meta"))
    return fragment(when(view.button, book, when(view.wait, wait, choose_first)), when(view.stop, stop))
