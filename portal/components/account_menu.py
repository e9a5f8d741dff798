"""The account circle and what opens under it."""

from typing import Any

from portal import routes
from portal.components.elements import Node, each, el, icon, when


def account_menu(shell: Any) -> Node:
    """The guardian's initials; pressing shows who is signed in, their data, other families and the way out.

    The browser's own popover does the opening, so that it also works before the script has arrived.
    """
    circle = el.button(
        el.span(shell.initials, class_name="face adult s36", aria={"hidden": "true"}),
        type="button",
        class_name="icon-btn",
        popover_target="account-menu",
        aria={"label": f"{shell.guardian}, your account"},
    )

    families = el.form(
        el.p("Families", class_name="small"),
        each(shell.families, _family),
        action=routes.AUTH_FAMILY,
        method="post",
        class_name="menu-part",
    )
    menu = el.div(
        el.p(
            el.b(shell.guardian, class_name="strong"),
            el.span(shell.email, class_name="under"),
            class_name="who",
        ),
        when(shell.families, families),
        el.a(icon("user-round"), "Your account", href=routes.ACCOUNT),
        _sign_out(),
        id="account-menu",
        class_name="menu",
        popover="auto",
    )
    return el.div(circle, menu, class_name="account")


def _family(choice: Any) -> Node:
    return el.button(
        choice.name, type="submit", name="family", value=choice.id, aria={"pressed": choice.current}
    )


def _sign_out() -> Node:
    button = el.button(icon("log-out"), "Sign out", type="submit")
    return el.form(button, action=routes.AUTH_SIGN_OUT, method="post")
