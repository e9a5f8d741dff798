"""The sheet in which a family leaves a waiting list."""

from portal.components.elements import Node, el, fragment, when
from portal.components.links import button
from portal.components.sheet import sheet
from portal.state.waiting import WaitingState


def waiting_sheet() -> Node:
    """Drawn while it is open."""
    view = WaitingState.view
    leave = button("Leave the waiting list", look="danger block", on_click=WaitingState.leave)
    stay = button("Keep the place in line", look="second block", on_click=WaitingState.close)
    return when(
        WaitingState.is_open,
        sheet(
            "Leave the waiting list?",
            view.why,
            el.p(view.terms, class_name="meta"),
            foot=fragment(leave, stay),
            on_close=WaitingState.close,
            problem=WaitingState.problem,
            test_id="waiting-sheet",
        ),
    )
