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


def copy_button(text: Any, action: Any, said: Any) -> Node:
    """Copies `text`; named "Copy IBAN", answered with "IBAN copied" in `toasts`."""
    events = {} if is_plain() else {"on_click": _copies(text, said)}
    return el.button(icon("copy"), type="button", class_name="icon-btn", aria={"label": action}, **events)


def _copies(text: Any, said: Any) -> Any:
    call = _COPY_TEXT.call(LiteralVar.create(text), LiteralVar.create(said))
    return rx.call_function(ArgsFunctionOperation.create((), call))
