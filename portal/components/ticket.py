"""The next session as a ticket: the one rich surface of a screen."""

from typing import Any

from portal.components.elements import Node, each, el, hard_link, icon, when
from portal.components.people import stamp


def ticket(item: Any) -> Node:
    """Who, when, what, where and how soon; the stub holds the way there or into the livestream, if any."""
    return el.section(
        _main(item),
        when(
            item.join.href,
            _stub(item.join, "video"),
            when(item.directions.href, _stub(item.directions, "navigation")),
        ),
        class_name=f"ticket on-deep {_look(item)}",
        aria={"label": "Next session"},
        data={"for": item.whose},
    )


def tickets(items: Any) -> Node:
    """One ticket for Everyone and one for each member; the switch shows the one that fits."""
    return each(items, ticket)


def _look(item: Any) -> Any:
    return when(item.join.href, "", when(item.directions.href, "", "no-stub"))


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


def _stub(link: Any, picture: str) -> Node:
    way = hard_link(icon(picture), link.label, href=link.href, class_name="btn on-deep-1", rel="noopener")
    return el.div(el.div(way, class_name="btns fill"), class_name="ticket-stub")
