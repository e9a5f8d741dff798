"""The sheet in which a booking is shared, a share is changed or ended, and a shared booking is left."""

from typing import Any

from portal.components.elements import Node, el, fragment, icon, when
from portal.components.forms import field, radio, tick
from portal.components.links import button
from portal.components.notes import shared_note
from portal.components.sheet import sheet
from portal.state.sharing import SharingState

_FORM = "share-form"


def share_sheet() -> Node:
    """Drawn while it is open."""
    view = SharingState.view
    return when(
        SharingState.is_open,
        sheet(
            view.title,
            view.why,
            when(view.leaving, fragment(), _form(view)),
            foot=_foot(view),
            on_close=SharingState.close,
            problem=SharingState.problem,
            test_id="share-sheet",
        ),
    )


def _form(view: Any) -> Node:
    email = field(
        "Their e-mail address",
        "email",
        kind="email",
        default_value=view.email,
        auto_complete="off",
        input_mode="email",
        required=True,
        max_length=254,
    )
    return el.form(
        when(view.share, fragment(), email),
        _what(view),
        _more(view),
        when(view.share, fragment(), _promise()),
        id=_FORM,
        class_name="stack-s roomy",
        on_submit=SharingState.save,
    )


def _what(view: Any) -> Node:
    see = radio(
        "can",
        "see",
        "See it and get reminders",
        "Good for grandparents and carers",
        default_checked=~view.can_act,
    )
    act = radio(
        "can", "act", "Also cancel and sign up", "Good for another parent", default_checked=view.can_act
    )
    return el.fieldset(
        el.legend("What can they do?", class_name="label"), el.ul(see, act, class_name="rows card")
    )


def _more(view: Any) -> Node:
    """What most never need: folded away until something of it is set."""
    name = field(
        "Their name",
        "full_name",
        default_value=view.full_name,
        auto_complete="off",
        max_length=160,
        hint="As you call them",
    )
    day = field(
        "Until",
        "last_day",
        kind="date",
        default_value=view.last_day,
        min=view.first_day,
        hint="The last day they see it. Leave it empty, and it lasts until you stop it.",
    )
    money = tick(
        "payments",
        "They also see what it costs",
        "The payments of this booking, never any other",
        default_checked=view.sees_payments,
    )
    summary = el.summary("Name, end and payments", icon("chevron-down", "i i-s"))
    return el.details(summary, el.div(name, day, money), class_name="unfolds", open=view.more)


def _promise() -> Node:
    words = (
        "They get an e-mail from us and sign in with a code of their own. You can stop sharing at any time."
    )
    return shared_note(words, picture="info")


def _foot(view: Any) -> Node:
    save = button(view.go, look="block", type="submit", form=_FORM)
    stop = button(
        view.stop, look=when(view.leaving, "danger block", "mute block"), on_click=SharingState.stop
    )
    return fragment(when(view.go, save), when(view.stop, stop))
