"""The sheet in which a visit to a drop-in session is chosen, and the one a pass is shown in at the desk."""

from typing import Any

from portal.components.chips import chip
from portal.components.choosing import choice_days, pressed_group
from portal.components.elements import Node, el, trusted_html, when
from portal.components.links import button
from portal.components.people import face
from portal.components.sheet import sheet
from portal.state.visiting import CheckInState, VisitState

_visits: Any = VisitState
"""Its handlers take arguments, which their declared type does not know."""


def visit_sheet() -> Node:
    """Drawn while it is open."""
    view = VisitState.view
    # One pass may let several in, one after the other.
    members = pressed_group(view.members, _member, _visits.pick_member, label="Who comes", look="family")
    return when(
        VisitState.is_open,
        sheet(
            view.title,
            view.why,
            when(view.members, members),
            when(view.notice, _notice(view.notice)),
            choice_days(view.days, _visits.pick_session),
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


def _member(item: Any) -> tuple[Node, ...]:
    return (face(item.face), item.name)


def _notice(words: Any) -> Node:
    return el.p(words, class_name="shared box", test_id="visit-notice")


def _foot(view: Any) -> Node:
    """What the press will do, above the button that names it."""
    book = el.div(
        el.p(view.terms, class_name="meta"),
        button(view.button, look="block", on_click=VisitState.book),
        class_name="stack-s",
    )
    return when(view.button, book, el.p("Choose a session.", class_name="meta"))
