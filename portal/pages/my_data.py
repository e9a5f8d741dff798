"""My data: take it with you, change the address, ask that it be erased."""

from typing import Any

from portal.components.elements import Node, el, fragment, when
from portal.components.forms import field
from portal.components.links import button, download_button
from portal.components.notes import alert, shared_note
from portal.components.rows import section
from portal.components.sheet import sheet
from portal.state.account import AccountState
from portal.state.my_data import EmailChangeState, ErasureState

_ADDRESS, _CODES = "new-email", "email-codes"


def my_data(view: Any) -> Node:
    """The section of the account page."""
    take = download_button(view.export, "second")
    erase = button("Erase everything", look="mute", on_click=ErasureState.start)
    words = el.p(
        "One file with everything we hold about you and your family, as tables and as JSON.",
        class_name="meta",
    )
    return section(
        "Your data",
        el.div(
            when(view.erasure, _waiting(view)),
            words,
            el.div(take, when(view.erasure, fragment(), erase), class_name="btns"),
            class_name="stack-s",
        ),
        id="my-data",
        test_id="my-data",
    )


def change_email() -> Node:
    """Beside the address."""
    return button("Change e-mail", look="second small", on_click=EmailChangeState.start)


def email_sheet() -> Node:
    """Drawn while it is open: the new address, then a code from each."""
    asked = EmailChangeState.view
    foot = when(
        asked,
        button("Change my e-mail", look="block", type="submit", form=_CODES),
        button("Send the codes", look="block", type="submit", form=_ADDRESS),
    )
    return when(
        EmailChangeState.is_open,
        sheet(
            "Change your e-mail address",
            "You sign in with it, and our messages go there.",
            when(asked, _codes(asked), _address()),
            foot=foot,
            on_close=EmailChangeState.close,
            problem=EmailChangeState.problem,
            test_id="email-sheet",
        ),
    )


def erasure_sheet() -> Node:
    """Drawn while it is open."""
    return when(
        ErasureState.is_open,
        sheet(
            "Erase everything we know about you?",
            "It is done after 14 days. Until then you can change your mind.",
            el.p(
                "Names, addresses, birth dates, notes, messages and sign-ins are removed. If you hold the family’s "
                "account, that is so for the whole family.",
            ),
            shared_note(
                "What the law has us keep stays without your name: orders, payments and what belongs to them. "
                "Invoices that were issued stay as they are.",
                picture="info",
            ),
            foot=fragment(
                button("Erase everything in 14 days", look="danger block", on_click=ErasureState.ask),
                button("Keep everything", look="second block", on_click=ErasureState.close),
            ),
            on_close=ErasureState.close,
            problem=ErasureState.problem,
            test_id="erasure-sheet",
        ),
    )


def _waiting(view: Any) -> Node:
    keep = button("Keep everything", look="second small", on_click=AccountState.keep_everything)
    return el.div(
        alert("Everything will be erased", view.erasure, picture="clock", tone="warn"),
        keep,
        class_name="stack-s",
    )


def _address() -> Node:
    new = field(
        "New e-mail address",
        "email",
        kind="email",
        auto_complete="email",
        input_mode="email",
        required=True,
        max_length=254,
    )
    return el.form(new, id=_ADDRESS, class_name="stack-s roomy", on_submit=EmailChangeState.ask)


def _codes(address: Any) -> Node:
    return el.form(
        el.p("We have written to both addresses. Each message has a code."),
        field(
            "Code from your present address", "old_code", auto_complete="off", required=True, max_length=20
        ),
        field(el.span("Code from ", address), "new_code", auto_complete="off", required=True, max_length=20),
        id=_CODES,
        class_name="stack-s roomy",
        on_submit=EmailChangeState.confirm,
    )
