"""Sessions: what is coming by day, or what became of what was."""

from typing import Any

from portal.components.agenda import agenda, month_grid, week_strip
from portal.components.elements import Node, each, el, fragment, icon, when
from portal.components.links import button_link
from portal.components.notes import empty, shared_note
from portal.components.rows import rows, section, session_row
from portal.components.shell import page_head
from portal.components.tabs import pills, segments
from portal.pages.calendars import calendar_card
from portal.pages.cancelling import buttons
from portal.pages.make_up_sheet import use_make_up


def body(view: Any) -> Node:
    """One tab at a time; each has its own address."""
    main = el.div(
        segments(view.tabs, "Sessions"),
        when(view.past, _past(view), _upcoming(view)),
        each(view.nothing, nothing),
        when(view.more.href, button_link(view.more, "second")),
        class_name="stack snug",
    )
    return fragment(page_head("Sessions"), el.div(main, _aside(view), class_name="cols"))


def nothing(item: Any) -> Node:
    """For a choice of the member switcher without rows."""
    return empty(item.title, item.words, look="mute", data={"for": item.whose})


def _upcoming(view: Any) -> Node:
    return fragment(
        week_strip(view.week), when(view.days, el.div(agenda(view.days, buttons), test_id="upcoming"))
    )


def _past(view: Any) -> Node:
    filters = each(view.filters, lambda one: pills(one.kinds, "Show", data={"for": one.whose}))
    return fragment(filters, each(view.months, _month))


def _month(month: Any) -> Node:
    return section(month.name, rows(month.rows, _was, "card deep-inset"), data={"member": month.member})


def _was(item: Any) -> Node:
    """What became of a session, with the make-up it gave."""
    return session_row(item, when(item.make_up, use_make_up(item)))


def _aside(view: Any) -> Node:
    grid = month_grid(view.month, _turn(view.earlier), _turn(view.later))
    policy = when(view.policy, shared_note(el.b("Can’t come? "), view.policy, picture="info"))
    calendars = each(view.calendars, calendar_card)
    return el.div(when(view.past, None, grid), calendars, policy, class_name="stack aside")


def _turn(link: Any) -> Node:
    return el.a(icon(link.icon), href=link.href, class_name="icon-btn", aria={"label": link.label})
