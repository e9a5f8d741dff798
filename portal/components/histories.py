"""Rows that unfold: a benefit, and below it line by line where it went."""

from typing import Any

from portal.components.chips import chips
from portal.components.elements import Node, each, el, icon, when
from portal.components.people import day_shape, faces, icon_circle


def benefit_row(item: Any, *actions: Node) -> Node:
    """A pass or a discount led by an icon; it unfolds to its history, or leads to what it was used for.

    `actions` stand below its history.
    """
    lead, body = icon_circle(item.icon, item.tone), _body(item)
    link = el.a(lead, body, icon("chevron-right", "i go"), href=item.href, class_name="row top-align")
    return _unfolding_row(item, lead, body, when(item.href, link, _still(lead, body)), *actions)


def make_up_row(item: Any) -> Node:
    """A make-up led by its date in the member's shape, an outline once it is over."""
    lead, body = day_shape(item.day), _body(item)
    return _unfolding_row(item, lead, body, _still(lead, body))


def history(lines: Any) -> Node:
    """The lines of one history, each leading to the session or order that caused it."""
    return el.ul(each(lines, _line), class_name="rows trace")


def unfolding(summary: Any, lines: Any, look: str = "") -> Node:
    """A quiet line that unfolds to a history: "How it came about"."""
    return el.details(
        el.summary(summary, icon("chevron-down", "i i-s go"), class_name="unfold"),
        history(lines),
        class_name=look,
    )


def _body(item: Any) -> Node:
    return el.div(
        el.p(item.title, class_name="title"),
        el.p(item.words, class_name="meta"),
        chips(item.chips),
        class_name="body",
    )


def _still(lead: Node, body: Node) -> Node:
    return el.div(lead, body, class_name="row top-align")


def _unfolding_row(item: Any, lead: Node, body: Node, without_history: Node, *actions: Node) -> Node:
    head = el.summary(lead, body, icon("chevron-down", "i go"), class_name="row top-align")
    unfolds = el.details(head, history(item.history), *actions)
    return el.li(when(item.history, unfolds, without_history), data={"member": item.member})


def _line(line: Any) -> Node:
    lead = when(line.icon, icon_circle(line.icon, line.tone, "s30"), faces(line.faces, "s30"))
    body = el.div(
        el.p(line.title, class_name="title"), el.p(line.words, class_name="meta"), class_name="body"
    )
    amount = when(line.amount, el.span(line.amount, class_name="money"))
    link = el.a(lead, body, amount, icon("chevron-right", "i go"), href=line.href, class_name="row mid")
    return el.li(when(line.href, link, el.div(lead, body, amount, class_name="row mid")))
