"""What stands where a page is not, or not yet: its first view, a skeleton, an error, nothing."""

from typing import Any

import reflex as rx
from reflex_base.vars.base import VarData

from portal import routes
from portal.components.elements import Node, el, fragment, icon, is_plain, trusted_html, when
from portal.components.notes import empty_sign
from portal.components.shell import dock
from portal.components.takeover import part

_NO_FIRST_VIEW: rx.Var[bool] = rx.Var(
    "(typeof document !== 'undefined' && !document.querySelector('.first-view:not(:empty)'))", _var_type=bool
)

_BROUGHT: rx.Var[str] = rx.Var(
    "(typeof document === 'undefined' ? '' : (document.querySelector('.first-view')?.innerHTML ?? ''))",
    _var_type=str,
)
"""The first view the document came with. A page with parameters is drawn only after the framework's fallback, whose
slot was the one that was filled: its content moves on, so that it stays until the live page is ready."""


_OFFLINE: rx.Var[bool] = rx.Var(
    "offline",
    _var_type=bool,
    _var_data=VarData(
        imports={"react": ["useSyncExternalStore"]},
        hooks={
            "const offline = useSyncExternalStore((tell) => {"
            ' const told = ["online", "offline"]; told.forEach((name) => addEventListener(name, tell));'
            " return () => told.forEach((name) => removeEventListener(name, tell)); },"
            " () => !navigator.onLine, () => false)": None
        },
    ),
)
"""The device has no network: it knows at once, where the socket would hear of it after most of a minute."""


def takeover(ready: Any, live: Any, current: str, *, switcher: bool = True) -> Node:
    """The live page once `ready`; until then the first view that came in the document, or else a skeleton.

    Both change in one commit of React, so nothing jumps. The server puts the first view in the place of the whole
    part when it sends the rows too: then the page is ready from the start.
    """
    waiting = fragment(first_view_slot(), loading(current, switcher=switcher))
    return part(when(ready, live, waiting))


def beside_first_view(live: Any) -> Node:
    """A page of native forms: the first view stays for good, so that nothing typed is lost to a takeover.

    The live page is drawn only where no document brought a first view: when a click led here.
    """
    if is_plain():
        return live
    return fragment(first_view_slot(), when(_NO_FIRST_VIEW, live))


def first_view_slot() -> Node:
    """Filled by the server for a signed-in family; the stylesheet hides the skeleton behind a filled one."""
    return trusted_html("div", "" if is_plain() else _BROUGHT, class_name="first-view")


def loading(current: str, *, switcher: bool = True) -> Node:
    """The page's boxes without its words, after 200 ms so that a quick answer never flickers; the bars stay."""
    pills = el.div(*(_bone("pill") for _ in range(4)), class_name="family") if switcher else None
    head = el.div(_bone("title"), _bone("short"), class_name="page-head")
    main = el.div(el.div(_bone("card"), _bone("big"), class_name="first"), _rows(), class_name="stack")
    aside = el.div(_bone("card"), _bone("card"), class_name="stack aside")
    words = el.p("Loading your family’s classes", class_name="sr")
    cols = el.div(main, aside, class_name="cols")
    # No main element, no h1: behind a first view there would be two of each in the document.
    body = el.div(
        words,
        pills,
        head,
        cols,
        class_name=f"wrap page {'filtered' if switcher else ''}",
        role="main",
        aria={"busy": "true"},
    )
    top = el.div(el.div(_bone("brand-bone"), class_name="wrap"), class_name="top")
    return el.div(top, body, dock("", current), class_name="loading frame has-dock")


def reconnecting(trouble: Any) -> Node:
    """A quiet bar while the connection is away; what is on the page stays readable."""

    def bar(words: str) -> Node:
        return el.div(icon("wifi-off"), el.span(words), class_name="reconnecting")

    offline = bar("You’re offline. You see what we had a moment ago; changes need a connection.")
    away = bar("Reconnecting. You see what we had a moment ago.")
    return el.div(when(_OFFLINE, offline, when(trouble, away)), role="status", aria={"live": "polite"})


def could_not_load(what: str, why: Any, *again: Any) -> Node:
    """A page that could not be read: "your sessions", why, and the button that tries once more."""
    return empty_sign(
        "cloud-off",
        "bad",
        f"We couldn’t load {what}",
        why,
        *again,
        role="alert",
    )


def not_found(words: Any = "It may have moved, or it belongs to another account.") -> Node:
    """The same page for what does not exist and for what is not theirs."""
    home = el.a("Go to your home page", href=routes.HOME, class_name="btn small")
    sign = empty_sign("search-x", "plain", "There is no such page", words, home)
    return el.div(el.h1("There is no such page", class_name="sr"), sign, class_name="narrow")


def _rows() -> Node:
    body = el.div(_bone("line"), _bone("short"), class_name="body")
    rows = (el.li(el.div(_bone("date"), body, class_name="row mid")) for _ in range(3))
    return el.div(el.div(_bone("short"), class_name="sec-head"), el.ul(*rows, class_name="rows card"))


def _bone(shape: str) -> Node:
    return el.span(class_name=f"sk {shape}")
