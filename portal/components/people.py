"""People as shapes: each child has a hue, a shape and an initial; adults are neutral circles."""

from typing import Any

from portal.components.elements import Node, each, el, icon, when


def face(who: Any, size: str = "") -> Node:
    """A person's initial in their shape; the name stands beside it, so readers skip the shape.

    `size` is one of the stylesheet's classes (s26, s30, s36, s44, s46, s64); without it the place decides.
    """
    return el.span(who.initial, class_name=f"face {who.tone} {size}", aria={"hidden": "true"})


def faces(people: Any, size: str = "") -> Node:
    """Several people, overlapping."""
    return el.span(each(people, lambda who: face(who, size)), class_name="faces", aria={"hidden": "true"})


def day_shape(day: Any) -> Node:
    """A date inside the member's shape; only an outline when the session is off."""
    off = when(day.off, "off", "")
    return el.span(el.i(day.weekday), el.b(day.number), class_name=f"day {day.tone} {off}")


def stamp(day: Any) -> Node:
    """The large date on a ticket; the ticket says it in words as well."""
    return el.div(
        el.i(day.weekday),
        el.b(day.number),
        el.i(day.month),
        class_name=f"stamp {day.tone}",
        aria={"hidden": "true"},
    )


def icon_circle(name: Any, tone: Any = "plain", size: str = "") -> Node:
    """An icon in a round field: plain, brand, good, bad, warn or note."""
    return el.span(icon(name), class_name=f"i-wrap {tone} {size}")
