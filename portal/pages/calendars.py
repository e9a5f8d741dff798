"""Sessions in a family's own calendar: the card beside the sessions, and the sheet with every link."""

from typing import Any

from portal.components.copying import copy_from
from portal.components.elements import Node, each, el, fragment, hard_link, icon, when
from portal.components.links import button
from portal.components.people import face, icon_circle
from portal.components.rows import rows
from portal.components.sheet import sheet
from portal.state.calendars import CalendarState

_calendars: Any = CalendarState
"""Its handlers take arguments, which their declared type does not know."""


def calendar_card(item: Any) -> Node:
    """For one choice of the member switcher: with a link it is used at once, without one the sheet makes it."""
    words = el.div(
        el.h3("In your own calendar"),
        el.p("Sessions appear in your phone’s calendar and change when ours do.", class_name="meta"),
    )
    head = el.div(icon_circle("calendar-plus", "brand"), words, _more(), class_name="choice still")
    first = el.div(
        button("Subscribe", look="second small", on_click=_calendars.make(item.whose)),
        button(icon("copy"), "Copy link", look="second small", on_click=_calendars.make(item.whose)),
        class_name="btns fill",
    )
    return el.section(
        head,
        when(item.feed, _use(item), first),
        class_name="card pad stack-s",
        aria={"label": "In your own calendar"},
        data={"for": item.whose},
        test_id="calendar-card",
    )


def calendar_sheet() -> Node:
    """Drawn while it is open."""
    return when(
        CalendarState.is_open,
        sheet(
            "In your own calendar",
            "Private links. Whoever has one sees its sessions, so share it with nobody.",
            rows(CalendarState.view.rows, _feed, "card no-lead"),
            foot=fragment(
                el.div(class_name="says", role="status", aria={"live": "polite"}),
                button("Done", look="second block", on_click=CalendarState.close),
            ),
            on_close=CalendarState.close,
            problem=CalendarState.problem,
            test_id="calendar-sheet",
        ),
    )


def _more() -> Node:
    return el.button(
        icon("ellipsis"),
        type="button",
        class_name="icon-btn",
        aria={"label": "Calendar links and reminders"},
        on_click=_calendars.manage,
    )


def _use(card: Any) -> Node:
    subscribe = hard_link("Subscribe", href=card.subscribe, class_name="btn second small", rel="noopener")
    copy = copy_from(card.address, "Link copied", "Copy link", look="second small")
    return el.div(subscribe, copy, class_name="btns fill")


def _feed(item: Any) -> Node:
    lead = when(item.face.initial, face(item.face, "s40"), icon_circle("users", "plain"))
    words = el.div(el.p(item.name, class_name="title"), el.p(item.told, class_name="meta"), class_name="body")
    make = button(
        "Make a link",
        look="second small",
        aria={"label": f"Make a link, {item.name}"},
        on_click=_calendars.make(item.card.whose),
    )
    made = el.div(_use(item.card), _change(item), class_name="pad stack-s under-row")
    return el.li(
        el.div(lead, words, when(item.card.feed, fragment(), make), class_name="row mid"),
        when(item.card.feed, made),
    )


def _change(item: Any) -> Node:
    def reminder(one: Any) -> Node:
        return el.button(
            one.label,
            type="button",
            class_name="btn second small",
            aria={"pressed": when(one.current, "true", "false")},
            on_click=_calendars.remind(item.card.feed, one.minutes),
        )

    remind = el.div(
        each(item.reminders, reminder), class_name="btns", role="group", aria={"label": "Remind me"}
    )
    end = el.div(
        button("Make a new link", look="mute small", on_click=_calendars.renew(item.card.feed)),
        button("Stop this link", look="mute small", on_click=_calendars.stop(item.card.feed)),
        class_name="btns",
    )
    said = el.p("With a new link the old one stops working.", class_name="small")
    summary = el.summary(
        "Reminders, new link", el.span(": ", item.name, class_name="sr"), icon("chevron-down", "i i-s")
    )
    return el.details(summary, el.div(remind, end, said), class_name="unfolds")
