"""Signing in: the address, then the code or the link. Native forms: they work before the script is there."""

from typing import Any

from portal import routes
from portal.components.elements import Node, choose, el, fragment, hard_link, icon, when
from portal.components.forms import code_field, error_line, field
from portal.components.links import button
from portal.components.login import login_frame
from portal.components.notes import empty_sign
from portal.components.states import beside_first_view
from portal.state.login import LoginState


def page() -> Node:
    """The page as it came in the document; drawn live only where a click led here."""
    return beside_first_view(body(LoginState.view))


def body(view: Any) -> Node:
    """The whole page at one step."""
    step = choose(
        view.step,
        {
            "code": _code(view),
            "confirm": _confirm(view),
            "entering": _entering(view),
            "link_used": _link_over("This link has been used", "Each link works once, for 10 minutes."),
            "link_expired": _link_over("This link is too old", "A link works for 10 minutes."),
        },
        _email(view),
    )
    return login_frame(view.brand, view.logo, step, privacy_url=view.privacy_url)


def _email(view: Any) -> Node:
    head = el.div(
        el.h1("All your family’s classes in one place"),
        el.p(
            "Enter the e-mail address you booked with. We’ll send you a code; there is no password.",
            class_name="lead",
        ),
        class_name="stack-s",
    )
    note = when(
        view.note, el.p(icon("circle-check"), el.span(view.note), class_name="shared box", role="status")
    )
    form = el.form(
        field(
            "E-mail",
            "email",
            kind="email",
            error=view.problem,
            auto_complete="email",
            input_mode="email",
            required=True,
            max_length=254,
        ),
        _next(view),
        button("Continue", look="block", type="submit"),
        action=routes.AUTH_REQUEST,
        method="post",
        class_name="stack-s",
    )
    new = el.p("New here? Book a class first, then come back with the same address.", class_name="small")
    return fragment(head, note, _new_tab(view), form, new)


def _new_tab(view: Any) -> Node:
    """The way out of a frame whose cookies are blocked: said plainly, and never a loop."""
    words = "Inside another website your browser may keep no cookies for us, and signing in needs one. "
    link = hard_link(
        "Open in a new tab", href=routes.LOGIN, class_name="link", target="_blank", rel="noopener"
    )
    return when(view.no_cookies, el.p(icon("external-link"), el.span(words, link), class_name="shared box"))


def _code(view: Any) -> Node:
    head = el.div(
        el.h1("Check your e-mail"),
        el.p(
            "If we know ",
            el.b(view.email, class_name="strong"),
            ", a code of six characters is on its way there. Type it here, or open the link in that e-mail.",
            class_name="lead",
        ),
        class_name="stack-s",
    )
    hint = el.p("You can paste the whole code. It works for 10 minutes.", class_name="small")
    form = el.form(
        code_field(error=view.problem, auto_focus=True),
        el.div(when(view.problem, error_line(view.problem), hint), id="code-note"),
        _next(view),
        button("Sign in", look="block", type="submit"),
        action=routes.AUTH_CODE,
        method="post",
        class_name="stack-s",
    )
    script = el.script(src="/sign-in.js", defer=True)
    back = hard_link(icon("chevron-left"), "Change address", href=routes.LOGIN, class_name="back")
    return fragment(back, head, form, _again(view), _inbox(view), script)


def _again(view: Any) -> Node:
    """Another message, once the last one has had time to arrive; before that, the same place says so."""
    send = el.form(
        el.input(type="hidden", name="email", value=view.email),
        _next(view),
        button(icon("mail"), "Send a new code", look="second block", type="submit"),
        action=routes.AUTH_REQUEST,
        method="post",
    )
    soon = el.p("No e-mail yet? Look in spam. In a moment we can send another.", class_name="meta soon")
    return el.div(soon, send, class_name="resend", style={"--wait": view.wait})


def _inbox(view: Any) -> Node:
    words = "This is a demo: no e-mail leaves it. "
    link = hard_link(
        "Open the demo inbox", href=view.demo_inbox, class_name="link", target="_blank", rel="noopener"
    )
    return when(view.demo_inbox, el.p(icon("info"), el.span(words, link), class_name="shared box"))


def _confirm(view: Any) -> Node:
    head = el.div(
        el.h1("Sign in on this device?"),
        el.p(
            "You opened the link in another browser than the one that asked for it. If that was you, go on.",
            class_name="lead",
        ),
        class_name="stack-s",
    )
    form = el.form(
        el.input(type="hidden", name="token", value=view.token),
        button("Sign in here", look="block", type="submit"),
        action=routes.AUTH_LINK,
        method="post",
    )
    no = el.p("If you did not ask to sign in, close this page. Nothing has happened.", class_name="small")
    return fragment(head, form, no)


def _entering(view: Any) -> Node:
    """The link in the browser that asked for it: the form sends itself, or its button does."""
    form = el.form(
        el.input(type="hidden", name="token", value=view.token),
        button("Sign in", look="block", type="submit"),
        action=routes.AUTH_LINK,
        method="post",
    )
    return fragment(el.h1("Signing you in"), form, el.script(src="/sign-in-link.js", defer=True))


def _link_over(title: str, words: str) -> Node:
    again = hard_link("Send a new link", href=routes.LOGIN, class_name="btn small")
    sign = empty_sign("link-2-off", "warn", title, f"{words} We can send you a new one.", again)
    return fragment(el.h1("Sign in", class_name="sr"), sign)


def _next(view: Any) -> Node:
    return when(view.next, el.input(type="hidden", name="next", value=view.next))
