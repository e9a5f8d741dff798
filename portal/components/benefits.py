"""Passes with their holes, figures that lead on, and nudges."""

from typing import Any

from portal.components.chips import chip
from portal.components.elements import Node, each, el, icon, when
from portal.components.links import button_link


def pass_card(item: Any, look: str = "", *actions: Node) -> Node:
    """A pass: name, entries left, expiry, one hole per entry. `look` "five" gives holes twice the size."""
    spent = when(item.spent, "spent", "")
    head = el.header(el.div(el.h3(item.name), el.p(item.about, class_name="small")), chip(item.chip))
    left = el.p(el.b(item.left), el.span(item.words, class_name="meta"), class_name="left")
    holes = el.div(
        each(item.holes, _hole), class_name=f"punch {look}", role="img", aria={"label": item.label}
    )
    return el.section(
        head,
        left,
        when(item.holes, holes),
        el.div(*actions, class_name="btns") if actions else None,
        class_name=f"pass {spent}",
        aria={"label": item.name},
        data={"member": item.member},
    )


def tile(item: Any) -> Node:
    """Label, icon, figure and one line; the whole tile leads on when it has somewhere to go."""
    inside = (
        el.span(item.name, class_name="name"),
        icon(item.icon),
        el.b(item.figure, class_name="num"),
        el.span(item.note, class_name="small num"),
    )
    link = el.a(*inside, href=item.href, class_name="tile", data={"for": item.whose})
    return when(item.href, link, el.div(*inside, class_name="tile still", data={"for": item.whose}))


def tiles(items: Any) -> Node:
    """Tiles in two columns, or in four where there is room."""
    return el.div(each(items, tile), class_name="tiles")


def nudge(item: Any, *actions: Node) -> Node:
    """Something worth doing, in its own colour; a link only when it leads somewhere, and `actions` of this page."""
    return el.section(
        el.span(icon(item.icon), class_name="i-wrap"),
        el.div(
            el.h3(item.title),
            el.p(item.words, class_name="meta"),
            when(item.action.label, button_link(item.action, "second small")),
            *actions,
            class_name="body",
        ),
        class_name="nudge",
        aria={"label": item.title},
        data={"member": item.member},
    )


def _hole(hole: Any) -> Node:
    return when(hole.used, el.i(class_name="used"), el.i(icon(hole.icon)))
