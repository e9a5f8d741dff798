""" "Can't come" on the pages that show sessions: the buttons of a row, and the sheet over the page."""

from typing import Any

from portal.components.elements import Node, when
from portal.components.going import cancel_answers, cancel_question, going_buttons
from portal.components.sheet import sheet
from portal.state.cancelling import CancelState

_ask: Any = CancelState.ask
_because: Any = CancelState.because
_sign_back_up: Any = CancelState.sign_back_up


def buttons(going: Any, cancel: str = "mute small", back: str = "soft small") -> Node:
    """What can be done about this session; `cancel` and `back` are the looks of the two buttons."""
    return going_buttons(going, _ask, _sign_back_up, cancel=cancel, back=back)


def cancel_sheet() -> Node:
    """Open while somebody thinks about cancelling."""
    view = CancelState.view
    asked = sheet(
        view.title,
        view.words,
        cancel_question(view, CancelState.reason, _because),
        foot=cancel_answers(view, CancelState.confirm, CancelState.close),
        on_close=CancelState.close,
        problem=CancelState.problem,
        test_id="cancel-sheet",
    )
    return when(CancelState.is_open, asked)
