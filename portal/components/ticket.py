"""The next session as a ticket: the one rich surface of a screen."""

from collections.abc import Callable
from typing import Any

from portal.components.elements import Node, each, el, hard_link, icon, when
from portal.components.people import stamp

Buttons = Callable[[Any], Node]
"""Draws what can be done about the session, from its `going`."""


def ticket(item: Any, buttons: Buttons) -> Node:
    """Who, when, what, where and how soon; the stub holds the way there or into the livestream, and "Can't come"."""
    return el.section(
        _main(item),
        _if_stub(item, _stub(item, buttons)),
        class_name=f"ticket on-deep {_if_stub(item, '', 'no-stub')}",
        aria={"label": "Next session"},
        data={"for": item.whose},
    )


def tickets(items: Any, buttons: Buttons) -> Node:
    """One ticket for Everyone and one for each member; the switch shows the one that fits."""
    return each(items, lambda item: ticket(item, buttons))


def _if_stub(item: Any, then: Any, otherwise: Any = None) -> Any:
    """Whether there is anything to do: a way there, a livestream, a place to give up."""
    without_way = when(item.going.cancel, then, otherwise)
    return when(item.join.href, then, when(item.directions.href, then, without_way))


def _main(item: Any) -> Node:
    place = when(item.online, icon("video"), icon("map-pin"))
    return el.div(
        el.p(item.eyebrow, class_name="eyebrow"),
        el.p(el.span(item.starts), when(item.until, el.small("to ", item.until)), class_name="time"),
        el.h2(item.title),
        el.ul(
            el.li(place, el.span(item.place)),
            el.li(icon("timer"), el.span(item.countdown)),
            class_name="facts",
        ),
        stamp(item.stamp),
        class_name="ticket-main",
    )


def _stub(item: Any, buttons: Buttons) -> Node:
    directions = when(item.directions.href, _way(item.directions, "navigation"))
    way = when(item.join.href, _way(item.join, "video"), directions)
    return el.div(el.div(way, buttons(item.going), class_name="btns fill"), class_name="ticket-stub")


def _way(link: Any, picture: str) -> Node:
    return hard_link(icon(picture), link.label, href=link.href, class_name="btn on-deep-1", rel="noopener")
