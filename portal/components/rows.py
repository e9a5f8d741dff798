"""Sections, cards and the rows inside them."""

from typing import Any

from portal.components.chips import chips
from portal.components.elements import Node, each, el, fragment, icon, when
from portal.components.links import icon_link, more_link
from portal.components.people import day_shape, face, icon_circle
from portal.components.takeover import part


def section(
    title: Any,
    *children: Any,
    more_href: Any = "",
    more_label: Any = "",
    beside: Any = None,
    look: str = "",
    **attributes: Any,
) -> Node:
    """A titled part of a page; `beside` stands behind the title: a count, "Whole family"."""
    more = when(more_href, more_link(more_href, more_label))
    header = el.header(el.h2(title), beside, more)
    return part(el.section(header, *children, class_name=f"sec {look}", **attributes))


def rows(items: Any, fn: Any, look: str = "card") -> Node:
    """A list of rows in one card; `look` may add "deep-inset" (led by dates) or "bk-inset" (by faces)."""
    return el.ul(each(items, fn), class_name=f"rows {look}")


def card(*children: Any, look: str = "pad", **attributes: Any) -> Node:
    """A white surface. Never a card inside a card."""
    return el.section(*children, class_name=f"card {look}", **attributes)


def dots(parts: Any, look: str = "meta") -> Node:
    """The second line of a row: "17:00 · Theo · Online"."""
    return el.p(each(parts, _part), class_name=f"dots num {look}")


def session_row(item: Any, act: Node | None = None) -> Node:
    """A session led by its date in the member's shape, with what can be done behind it; struck through when off."""
    struck = when(item.day.off, "struck", "")
    body = el.div(
        el.p(item.title, class_name=f"title {struck}"),
        dots(item.meta),
        chips(item.chips, item.note),
        class_name="body",
    )
    look = when(item.chips, "row", "row mid")
    return el.li(el.div(day_shape(item.day), body, act, class_name=look), data={"member": item.member})


def line_item(item: Any) -> Node:
    """A row led by an icon or a face, with chips under it, an amount and a way in or a download behind it."""
    lead = when(item.face.initial, face(item.face, "s40"), when(item.icon, icon_circle(item.icon, item.tone)))
    body = el.div(el.p(item.title, class_name="title"), dots(item.meta), chips(item.chips), class_name="body")
    amount = el.div(
        el.span(item.amount, class_name="money"),
        when(item.after, el.span(item.after, class_name="small num")),
        class_name="trail",
    )
    download = when(item.download.href, icon_link(item.download))
    look = when(item.chips, "row", "row mid")
    inside = (lead, body, when(item.amount, amount))
    way_in = when(item.download.href, None, icon("chevron-right", "i go"))
    here = {"current": when(item.current, "true", "false")}
    link = el.a(*inside, way_in, href=item.href, class_name=look, aria=here)
    opens = fragment(link, download)
    still = el.div(*inside, download, class_name=look)
    return el.li(when(item.href, opens, still), data={"member": item.member})


def link_row(lead: Any, title: Any, meta: Any, href: Any) -> Node:
    """One row that is a card by itself and leads on: the orders' summary of the home page."""
    body = el.div(el.p(title, class_name="title"), el.p(meta, class_name="meta"), class_name="body")
    return el.a(lead, body, icon("chevron-right", "i go"), href=href, class_name="row mid card alone")


def facts(items: Any, look: str = "") -> Node:
    """Label and value pairs; look "tot" sets the values as amounts at the right."""
    return el.dl(each(items, _fact), class_name=f"facts-list {look}")


def details(summary: Any, count: Any, *children: Any, is_open: Any = False) -> Node:
    """A card that unfolds: "Entries used", "4 of 10"."""
    head = el.summary(
        el.span(summary, class_name="body strong"),
        el.span(count, class_name="small num"),
        icon("chevron-down", "i go"),
        class_name="row mid",
    )
    return el.details(head, *children, class_name="card", open=is_open)


def _fact(fact: Any) -> Node:
    label = el.dt(
        when(fact.strong, el.b(fact.label, class_name="strong"), el.span(fact.label)), _note(fact.note)
    )
    value = when(fact.href, el.a(fact.value, href=fact.href, class_name="link"), el.span(fact.value))
    return el.div(label, el.dd(value), class_name=when(fact.strong, "sum", ""))


def _note(words: Any) -> Node:
    return when(words, el.span(words, class_name="under"))


def _part(words: Any) -> Node:
    return el.span(words)
