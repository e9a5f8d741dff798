"""Bookings in lists, and the term strip that shows how far they are."""

from typing import Any

from portal.components.chips import chips
from portal.components.elements import Node, each, el, icon, when
from portal.components.people import face
from portal.components.rows import dots


def term_strip(strip: Any, look: str = "") -> Node:
    """One tick per session or instalment; readers hear the sentence. `look` "big" for a page's own strip."""
    ticks = each(strip.ticks, lambda tick: el.i(class_name=tick))
    return el.span(ticks, class_name=f"term {look}", role="img", aria={"label": strip.label})


def term_key(items: Any) -> Node:
    """What the ticks mean, with their numbers: "7 attended", "2 cancelled"."""
    return el.div(each(items, _key), class_name="key")


def booking_row(item: Any) -> Node:
    """An active booking: who, what, when, and its progress. The whole row opens it."""
    text = el.div(el.p(item.title, class_name="strong"), dots(item.meta), class_name="txt")
    progress = el.span(
        term_strip(item.term), el.span(item.term.caption, class_name="small num"), class_name="prog"
    )
    link = el.a(
        face(item.face), text, progress, icon("chevron-right", "i go"), href=item.href, class_name="bk wide"
    )
    return el.li(link, data={"member": item.member})


def any_booking_row(item: Any) -> Node:
    """With its term strip when it has one, else with its chips."""
    return when(item.term.ticks, booking_row(item), open_booking_row(item))


def open_booking_row(item: Any) -> Node:
    """A booking told by its chips: a trial, a place on the waiting list, a past term."""
    text = el.div(el.p(item.title, class_name="title"), dots(item.meta), chips(item.chips), class_name="body")
    lead = face(item.face, "s46")
    link = el.a(lead, text, icon("chevron-right", "i go"), href=item.href, class_name="row")
    return el.li(when(item.href, link, el.div(lead, text, class_name="row")), data={"member": item.member})


def _key(item: Any) -> Node:
    return el.span(el.span(el.i(class_name=item.kind), class_name="term"), item.words)
