"""The sheet: a question over the page. It comes from below on phones and stands in the middle on wide screens."""

from typing import Any

from portal.components.elements import Node, el, icon, when


def sheet(
    title: Any, why: Any, *body: Any, foot: Any, on_close: Any, problem: Any = "", test_id: str = "sheet"
) -> Node:
    """A dialog for as long as it is drawn; `foot` holds its buttons, `problem` why the last press was refused.

    /sheet.js opens it as the browser's own modal dialog: focus stays in it, Escape and the dark part close it,
    and the focus goes back to where it came from.
    """
    head = el.div(
        el.div(el.h2(title, id=f"{test_id}-title"), when(why, el.p(why, class_name="meta"))),
        _close(on_close),
        class_name="sheet-head",
    )
    return el.dialog(
        head,
        el.div(refusal(problem), *body, class_name="sheet-body"),
        el.div(foot, class_name="sheet-foot"),
        class_name="sheet",
        aria={"labelledby": f"{test_id}-title"},
        test_id=test_id,
    )


def refusal(problem: Any) -> Node:
    """Why the last press did nothing; read out as soon as it is there."""
    words = el.div(icon("circle-alert"), el.div(el.p(problem)), class_name="alert bad")
    return el.div(when(problem, words), role="alert")


def _close(on_close: Any) -> Node:
    return el.button(
        icon("x", "i i-l"),
        type="button",
        class_name="icon-btn",
        aria={"label": "Close"},
        data={"close": ""},
        on_click=on_close,
    )
