"""A list and one of its things opened: side by side where there is room, on phones one or the other."""

from typing import Any

from portal.components.elements import Node, el, when


def split(chosen: Any, back: Node, head: Node, many: Node, one: Node) -> Node:
    """`chosen`: the thing was asked for, so that a phone shows it alone, with the way back to the list."""
    return el.div(
        back,
        el.div(head, class_name="of-list"),
        el.div(
            el.div(many, class_name="stack many"),
            el.div(one, class_name="stack close one"),
            class_name="cols even",
        ),
        class_name=when(chosen, "split chosen", "split"),
    )
