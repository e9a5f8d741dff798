"""What can be done about one member at one session, and the sheet behind "Can't come"."""

from collections.abc import Callable
from typing import Any

from portal.components.elements import Node, each, el, fragment, icon, when
from portal.components.links import button
from portal.components.notes import alert

OnSession = Callable[[Any], Any]
"""Makes the handler for the session with this attendance."""


def going_buttons(going: Any, on_cancel: OnSession, on_back: OnSession, *, cancel: str, back: str) -> Node:
    """ "Can't come" or "Sign back up" where the rules allow it; `cancel` and `back` are the looks of the two."""

    def act(words: Any, look: str, handler: Any) -> Node:
        name = f"{words}: {going.about}"
        shown = el.button(
            words, type="button", class_name=f"btn {look}", aria={"label": name}, on_click=handler
        )
        return when(words, shown)

    return fragment(
        act(going.cancel, cancel, on_cancel(going.attendance)),
        act(going.sign_back_up, back, on_back(going.attendance)),
    )


def cancel_question(view: Any, chosen: Any, on_reason: OnSession) -> Node:
    """What cancelling leads to, why the member can't come, and how long the way back is open."""
    told = view.consequence
    return fragment(
        alert(told.title, told.words, picture=told.icon, tone=told.tone),
        when(view.reasons, _reasons(view, chosen, on_reason)),
        when(view.later, el.p(view.later, class_name="meta")),
    )


def cancel_answers(view: Any, on_confirm: Any, on_keep: Any) -> Node:
    """ "Cancel Mila's place", as long as it can be cancelled, and "Keep the place"."""
    return fragment(
        when(view.confirm, button(view.confirm, look="danger block", on_click=on_confirm)),
        button(view.keep, look="second block", on_click=on_keep),
    )


def _reasons(view: Any, chosen: Any, on_reason: OnSession) -> Node:
    def reason(one: Any) -> Node:
        tick = when(chosen == one.key, icon("check", "i i-s"))
        pressed = {"pressed": chosen == one.key}
        return button(tick, one.words, look="second small", aria=pressed, on_click=on_reason(one.key))

    hint = el.span("Optional, only the teacher sees it", class_name="hint")
    return el.fieldset(
        el.legend("Why? ", hint, class_name="label"),
        el.div(each(view.reasons, reason), class_name="btns"),
        class_name="stack-s",
    )
