"""Sessions by day, the week strip of phones and the month grid of wide screens."""

from collections.abc import Callable
from typing import Any

from portal.components.chips import chips
from portal.components.elements import Node, each, el, hard_link, icon, when
from portal.components.people import face
from portal.components.rows import dots, rows

Buttons = Callable[[Any], Node]
"""Draws what can be done about a session, from its `going`."""


def agenda(days: Any, buttons: Buttons) -> Node:
    """One heading per day, its sessions below it."""
    return el.ol(each(days, lambda day: _day(day, buttons)), class_name="agenda")


def slot(item: Any, buttons: Buttons) -> Node:
    """One session: time, title, place, whose, its state and what can be done; struck through when cancelled."""
    struck = when(item.struck, "struck", "")
    body = el.div(
        el.p(item.title, class_name=f"strong {struck}"),
        dots(item.meta),
        when(item.second, el.p(item.second, class_name="meta")),
        class_name="body",
    )
    look = when(item.join_now, "btn soft small", "btn mute small")
    join = hard_link(icon("video"), item.join.label, href=item.join.href, class_name=look, rel="noopener")
    acts = el.div(when(item.join.href, join), buttons(item.going), class_name="acts")
    state = el.div(chips(item.chips, item.note), acts, class_name="state")
    times = el.p(item.starts, el.small(item.until), class_name="at")
    inside = el.div(times, body, face(item.face), state, class_name="slot")
    return el.li(inside, data={"member": item.member})


def week_strip(week: Any) -> Node:
    """Seven days with one small shape per session; a day leads to its place in the agenda."""
    return el.nav(each(week.days, _strip_day), class_name="week card", aria={"label": "This week"})


def month_grid(month: Any, earlier: Any = None, later: Any = None) -> Node:
    """A month with one small shape per session; `earlier` and `later` are the controls that turn the page."""
    head = el.thead(el.tr(each(month.weekdays, lambda name: el.th(name, scope="col"))))
    body = el.tbody(each(month.weeks, lambda week: el.tr(each(week.days, _grid_day))))
    turn = el.span(earlier, later, class_name="turn")
    return el.section(
        el.div(el.h3(month.name), turn, class_name="sec-head"),
        el.table(head, body, class_name="month"),
        class_name="card month-card",
        aria={"label": month.name},
    )


def _day(day: Any, buttons: Buttons) -> Node:
    heading = el.h2(day.name, " ", el.span(day.date, class_name="small"), class_name="h3")
    slots = rows(day.slots, lambda item: slot(item, buttons))
    return el.li(heading, slots, id=day.id, data={"member": day.member})


def _strip_day(day: Any) -> Node:
    inside = (el.i(day.weekday), " ", el.b(day.number), _pips(day.pips))
    today = when(day.today, "date", "false")
    link = hard_link(*inside, href=day.href, aria={"current": today})
    return when(day.href, link, el.span(*inside, class_name="none", aria={"current": today}))


def _grid_day(day: Any) -> Node:
    look = when(day.today, "is-today", "")
    return el.td(when(day.number, el.span(day.number, _pips(day.pips), class_name=look)))


def _pips(pips: Any) -> Node:
    """One shape each; readers hear whose it is."""

    def pip(one: Any) -> Node:
        name = el.span(" ", one.name, class_name="sr")
        return el.span(name, class_name=f"pip {one.tone}", data={"member": one.member})

    return el.span(each(pips, pip), class_name="pips")
