"""What the portal says in place: shared notes, alerts, short messages, empty places."""

from typing import Any

from portal.components.elements import Node, el, icon, when
from portal.components.people import icon_circle


def shared_note(*words: Any, picture: Any = "users", look: str = "") -> Node:
    """A quiet sentence about what does not follow the member switcher; look "box" puts it on a field."""
    return el.p(icon(picture), el.span(*words), class_name=f"shared {look}")


def alert(title: Any, *words: Any, picture: Any = "circle-alert", tone: Any = "") -> Node:
    """Something the person must read where it happened: tone "" (refused), "warn", "good" or "plain"."""
    role = when(tone, "status", "alert")
    return el.div(
        icon(picture),
        el.div(el.p(title, class_name="strong"), el.p(*words)),
        class_name=f"alert {tone}",
        role=role,
    )


def toast(words: Any, *action: Any, picture: Any = "circle-check") -> Node:
    """A message that goes away; it stands in a place that readers listen to."""
    return el.div(icon(picture), el.span(words), *action, class_name="toast")


def toasts(*messages: Any) -> Node:
    """Where the browser's own toasts appear: always on the page, so that a new one is read out."""
    return el.div(*messages, role="status", aria={"live": "polite"}, id="toasts", test_id="toasts")


def empty(title: Any, words: Any, *action: Any, look: str = "", **attributes: Any) -> Node:
    """A place where nothing is yet: the family's shapes, one sentence, at most one action."""
    blocks = el.div(
        el.i(class_name="p1"),
        el.i(class_name="p3"),
        el.i(class_name="p2"),
        class_name=f"blocks {look}",
        aria={"hidden": "true"},
    )
    return el.section(
        blocks,
        el.h2(title, class_name="h3"),
        el.p(words, class_name="meta"),
        *action,
        class_name="card empty",
        **attributes,
    )


def empty_sign(picture: Any, tone: Any, title: Any, words: Any, *action: Any, **attributes: Any) -> Node:
    """The same with one sign instead of the shapes: all paid, could not load, link used."""
    return el.section(
        icon_circle(picture, tone, "s52"),
        el.h2(title, class_name="h3"),
        when(words, el.p(words, class_name="meta")),
        *action,
        class_name="card empty",
        **attributes,
    )
