"""Status chips: icon and word, always both."""

from typing import Any

from portal.components.elements import Node, each, el, icon, when


def chip(status: Any) -> Node:
    """One status; quiet (`bare`) unless it needs attention."""
    bare = when(status.bare, "bare", "")
    return el.span(icon(status.icon), status.word, class_name=f"chip {status.tone} {bare}")


def chips(statuses: Any, note: Any = "") -> Node:
    """A line of statuses, with a quiet remark behind them; nothing at all when there is neither."""
    remark = when(note, el.span(note, class_name="small num"))
    line = el.div(each(statuses, chip), remark, class_name="chips")
    return when(statuses, line, when(note, line))


def whole_family() -> Node:
    """Marks what does not follow the member switcher."""
    return el.span(icon("users"), "Whole family", class_name="chip bare")
