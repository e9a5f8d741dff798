"""The window's title, the same whether the page came as a document or by a click inside the portal."""

from typing import Any

import reflex as rx

from portal.state.base import Shell

_NAMED: Any = rx.Var(
    "(typeof document === 'undefined' ? ''"
    " : (document.querySelector('meta[name=\"application-name\"]')?.content ?? ''))",
    _var_type=str,
)
"""The brand as the document named it (http/documents.py): known before the state is."""


def window_title(title: str) -> Any:
    """ "Sessions · Otterbrook"; the title alone while nobody has said whose portal it is."""
    brand = rx.cond(Shell.view.brand != "", Shell.view.brand, _NAMED)
    return rx.cond(brand != "", f"{title} · {brand}", title)
