"""Buttons that copy: the browser does it and says so, without asking the server."""

from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex.vars.base import LiteralVar
from reflex.vars.function import ArgsFunctionOperation, FunctionStringVar

from portal.components.elements import Node, el, icon, is_plain

_COPY_TEXT: FunctionStringVar[Any] = FunctionStringVar.create(
    "copyText", _var_data=VarData(imports={"$/public/copy.js": [rx.ImportVar(tag="copyText")]})
)

_COPY_FROM: FunctionStringVar[Any] = FunctionStringVar.create(
    "copyFrom", _var_data=VarData(imports={"$/public/copy.js": [rx.ImportVar(tag="copyFrom")]})
)


def copy_button(text: Any, action: Any, said: Any) -> Node:
    """Copies `text`; named "Copy IBAN", answered with "IBAN copied" in `toasts`."""
    events = {} if is_plain() else {"on_click": _copies(text, said)}
    return el.button(icon("copy"), type="button", class_name="icon-btn", aria={"label": action}, **events)


def copy_from(path: Any, said: Any, *children: Any, look: str) -> Node:
    """A button that copies the link our server tells at `path`, which no page holds."""
    call = _COPY_FROM.call(LiteralVar.create(path), LiteralVar.create(said))
    events = {} if is_plain() else {"on_click": rx.call_function(ArgsFunctionOperation.create((), call))}
    return el.button(icon("copy"), *children, type="button", class_name=f"btn {look}", **events)


def _copies(text: Any, said: Any) -> Any:
    call = _COPY_TEXT.call(LiteralVar.create(text), LiteralVar.create(said))
    return rx.call_function(ArgsFunctionOperation.create((), call))
