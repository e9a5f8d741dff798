"""Bookings: active, open and why, past; and enquiries, which are not bookings yet."""

from typing import Any

from portal.components.bookings import any_booking_row
from portal.components.elements import Node, each, el, fragment, when
from portal.components.links import button, button_link, download_button
from portal.components.notes import shared_note
from portal.components.people import icon_circle
from portal.components.rows import card, line_item, rows, section
from portal.components.shell import page_head
from portal.pages.sessions import nothing
from portal.state.visiting import VisitState

_visits: Any = VisitState
"""Its handlers take arguments, which their declared type does not know."""


def body(view: Any) -> Node:
    """All of them; the switcher shows one member's."""
    main = el.div(
        each(view.groups, _group),
        each(view.nothing, nothing),
        when(view.enquiries, section("Enquiries", rows(view.enquiries, line_item))),
        when(view.more.href, button_link(view.more, "second")),
        class_name="stack",
        test_id="bookings",
    )
    return fragment(page_head("Bookings"), el.div(main, _aside(view), class_name="cols"))


def _group(group: Any) -> Node:
    counts = each(
        group.counts, lambda one: el.span(one.number, class_name="small num", data={"for": one.whose})
    )
    return section(
        group.name,
        rows(group.rows, any_booking_row, "card bk-inset"),
        beside=counts,
        data={"member": group.member},
    )


def _aside(view: Any) -> Node:
    another = el.div(el.h3(view.book), el.p("See what is open, and when.", class_name="meta"))
    timetable = card(
        el.div(icon_circle("plus", "brand"), another, class_name="choice still"),
        download_button(view.timetable, "second small block"),
        look="pad stack-s",
    )
    meaning = shared_note(
        el.b("What “open” means: "),
        "something is still to happen: a trial is coming, a place is not confirmed, or you wait for one.",
        picture="info",
    )
    return el.div(
        when(view.drop_ins, section("Come when you like", rows(view.drop_ins, _drop_in), test_id="drop-ins")),
        when(view.timetable.href, timetable),
        when(view.waiting, el.div(meaning, data={"member": view.waiting})),
        class_name="stack aside",
    )


def _drop_in(item: Any) -> Node:
    words = el.div(
        el.p(item.name, class_name="title"), el.p(item.words, class_name="meta"), class_name="body"
    )
    choose = button(
        "Choose a session",
        el.span(" of ", item.name, class_name="sr"),
        look="second small",
        on_click=_visits.choose(item.id),
    )
    return el.li(el.div(icon_circle(item.icon, "brand"), words, choose, class_name="row mid"))
