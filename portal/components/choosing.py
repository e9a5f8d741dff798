"""Choosing in a sheet: one of the sessions of several days, one of a few buttons."""

from collections.abc import Callable
from typing import Any

from portal.components.chips import chip
from portal.components.elements import Node, each, el, when

Press = Callable[[Any], Any]
"""The handler for a key."""


def choice_days(days: Any, on_pick: Press) -> Node:
    """Sessions under the names of their days; what cannot be chosen says why."""

    def day(one: Any) -> Node:
        choices = each(one.choices, lambda item: _choice(item, on_pick))
        return el.fieldset(
            el.legend(one.name, class_name="h3"), el.ul(choices, class_name="rows card"), class_name="swap"
        )

    return each(days, day)


def pressed_group(
    items: Any, said: Callable[[Any], tuple[Any, ...]], on_press: Press, *, label: str, look: str
) -> Node:
    """Buttons of which one is pressed; `said` is what stands on each."""

    def button(item: Any) -> Node:
        return el.button(
            *said(item), type="button", aria={"pressed": item.chosen}, on_click=on_press(item.id)
        )

    return el.div(each(items, button), class_name=look, role="group", aria={"label": label})


def _choice(item: Any, on_pick: Press) -> Node:
    pays = when(item.pays, el.span(item.pays, class_name="meta under"))
    said = el.span(
        el.b(item.time, class_name="strong num"),
        el.span(item.place, class_name="meta under"),
        when(item.reason, el.span(item.reason, class_name="meta under"), pays),
    )
    radio = el.input(
        type="radio",
        name="session",
        value=item.id,
        checked=item.chosen,
        class_name="sr",
        on_change=on_pick(item.id),
    )
    can = el.label(radio, el.span(class_name="radio"), said, chip(item.chip), class_name="opt")
    cannot = el.div(said, chip(item.chip), class_name="opt cannot")
    return el.li(when(item.reason, cannot, can))
