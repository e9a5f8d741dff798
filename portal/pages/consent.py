"""The consent card: needed and optional, nothing ticked beforehand. One native form, answered once."""

from typing import Any

from portal import routes
from portal.components.account_menu import account_menu
from portal.components.elements import Node, el, fragment, when
from portal.components.forms import consent_options, error_line
from portal.components.links import button
from portal.components.notes import empty_sign
from portal.components.people import icon_circle
from portal.components.shell import brand_mark
from portal.components.states import beside_first_view
from portal.state.base import Shell
from portal.state.consent import ConsentState


def page() -> Node:
    """The page as it came in the document; drawn live only where a click led here."""
    return beside_first_view(when(ConsentState.status == "ready", body(Shell.view, ConsentState.view)))


def body(shell: Any, view: Any) -> Node:
    """The card under the brand alone: the sections would only lead back here. The way out stays open."""
    home = el.span(brand_mark(shell.logo), el.span(shell.brand), class_name="brand")
    top = el.header(
        el.div(home, el.div(account_menu(shell), class_name="end"), class_name="wrap"), class_name="top"
    )
    card = when(view.choices, _card(view), _nothing())
    main = el.main(
        el.div(card, class_name="consent"), id="main", class_name="wrap page", data={"ready": "true"}
    )
    return el.div(top, main, class_name="frame")


def _card(view: Any) -> Node:
    head = el.div(
        icon_circle("shield-check", "brand"),
        el.h1("Before you go on", id="consent-title"),
        el.p(
            "We keep your family’s details to run your classes. Please tell us what else is fine. "
            "You can change this at any time.",
            class_name="lead",
        ),
        class_name="pad",
    )
    foot = el.div(
        when(view.problem, error_line(view.problem)),
        el.input(type="hidden", name="shown", value=view.shown),
        when(view.next, el.input(type="hidden", name="next", value=view.next)),
        button("Save and go on", look="block", type="submit"),
        el.p(
            "We save your answer with your account, not in this browser, so we ask only once.",
            class_name="small",
        ),
        class_name="pad end",
    )
    form = el.form(consent_options(view.choices), foot, action=routes.AUTH_CONSENT, method="post")
    return el.section(head, form, class_name="card", aria={"labelledby": "consent-title"})


def _nothing() -> Node:
    on = el.a("Go to your home page", href=routes.HOME, class_name="btn small")
    words = "We have your answers. You can read and change them in your account."
    return fragment(
        el.h1("Your consent", class_name="sr"),
        empty_sign("shield-check", "good", "Nothing to answer", words, on),
    )
