"""The sheet in which a visit to a drop-in session is chosen, and the one a pass is shown in at the desk."""

from typing import Any

from portal.components.chips import chip
from portal.components.elements import Node, each, el, trusted_html, when
from portal.components.links import button
from portal.components.people import face
from portal.components.sheet import sheet
from portal.state.visiting import CheckInState, VisitState

_visits: Any = VisitState
"""Its handlers take arguments, which their declared type does not know."""


def visit_sheet() -> Node:
    """Drawn while it is open."""
    view = VisitState.view
    return when(
        VisitState.is_open,
        sheet(
            view.title,
            view.why,
            when(view.members, _members(view)),
            when(view.notice, _notice(view.notice)),
            each(view.days, _day),
            foot=_foot(view),
            on_close=VisitState.close,
            problem=VisitState.problem,
            test_id="visit-sheet",
        ),
    )


def check_in_sheet() -> Node:
    """Drawn while it is open."""
    view = CheckInState.view
    code = trusted_html("div", view.picture, class_name="qr large", role="img", aria={"label": view.label})
    return when(
        CheckInState.is_open,
        sheet(
            view.title,
            view.why,
            code,
            el.div(chip(view.standing), el.span(view.left, class_name="meta num"), class_name="between"),
            foot=button("Done", look="second block", on_click=CheckInState.close),
            on_close=CheckInState.close,
            test_id="check-in-sheet",
        ),
    )


def _members(view: Any) -> Node:
    """Who comes; one pass may let several in, one after the other."""

    def member(item: Any) -> Node:
        return el.button(
            face(item.face),
            item.name,
            type="button",
            aria={"pressed": item.chosen},
            on_click=_visits.pick_member(item.id),
        )

    return el.div(each(view.members, member), class_name="family", role="group", aria={"label": "Who comes"})


def _notice(words: Any) -> Node:
    return el.p(words, class_name="shared box", test_id="visit-notice")


def _day(day: Any) -> Node:
    return el.fieldset(
        el.legend(day.name, class_name="h3"),
        el.ul(each(day.choices, _choice), class_name="rows card"),
        class_name="swap",
    )


def _choice(item: Any) -> Node:
    pays = when(item.pays, el.span(item.pays, class_name="meta under"))
    said = el.span(
        el.b(item.time, class_name="strong num"),
        el.span(item.place, class_name="meta under"),
        when(item.reason, el.span(item.reason, class_name="meta under"), pays),
    )
    radio = el.input(
        type="radio",
        name="session",
        value=item.id,
        checked=item.chosen,
        class_name="sr",
        on_change=_visits.pick_session(item.id),
    )
    can = el.label(radio, el.span(class_name="radio"), said, chip(item.chip), class_name="opt")
    cannot = el.div(said, chip(item.chip), class_name="opt cannot")
    return el.li(when(item.reason, cannot, can))


def _foot(view: Any) -> Node:
    """What the press will do, above the button that names it."""
    book = el.div(
        el.p(view.terms, class_name="meta"),
        button(view.button, look="block", on_click=VisitState.book),
        class_name="stack-s",
    )
    return when(view.button, book, el.p("Choose a session.", class_name="meta"))
