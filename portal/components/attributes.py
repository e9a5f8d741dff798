"""Attribute names and values as HTML text and as React props, from one Python spelling."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import reflex as rx
from markupsafe import Markup, escape
from reflex.constants import REFLEX_VAR_OPENING_TAG

_HTML_NAMES = {
    "class_name": "class",
    "html_for": "for",
    "default_value": "value",
    "default_checked": "checked",
}
_REACT_NAMES = {"html_for": "htmlFor"}
_SAFE_HREF = re.compile(r"(?:https?:|mailto:|tel:|[/?#.]|[^:]*$)", re.IGNORECASE)
_STYLE_BREAKER = re.compile(r"[;{}<>\"\\]")


def starts_unknown(value: Any) -> bool:
    """Whether how the value begins is known only in the browser: a Var, or an f-string opening with one."""
    return isinstance(value, rx.Var) or str(value).startswith(REFLEX_VAR_OPENING_TAG)


def checked_href(href: Any) -> Any:
    """The address itself when it may be linked to; ValueError for javascript: and other schemes that run."""
    if starts_unknown(href):
        return href  # in the browser React refuses javascript: addresses itself
    if not _SAFE_HREF.match(re.sub(r"[\x00-\x20]", "", str(href))):
        raise ValueError(f"not an address to link to: {href!r}; use http, https, mailto, tel or a path")
    return href


def html_attributes(attributes: Mapping[str, Any]) -> Markup:
    """` name="value"` for each attribute, escaped; None and False are left out, True stands alone."""
    written = "".join([_html_attribute(name, value) for name, value in _flat(attributes)])
    return Markup(written)  # noqa: S704 - names are ours, and every value was escaped


def react_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The same attributes under the names React knows them by, ready for `custom_attrs`."""
    return {_react_name(name): value for name, value in _flat(attributes)}


def _flat(attributes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each attribute once: data and aria unfolded, addresses and styles checked, None left out."""
    for name, value in attributes.items():
        if value is None:
            continue
        if name in ("data", "aria"):
            yield from ((f"{name}-{key}", item) for key, item in value.items() if item is not None)
        elif name == "test_id":
            yield "data-testid", value
        elif name in ("href", "src", "action"):
            yield name, checked_href(value)
        elif name == "style":
            yield name, _custom_properties(value)
        else:
            yield name, value


def _custom_properties(style: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, value in style.items():
        if not name.startswith("--"):
            raise ValueError(
                f"{name}: only custom properties are set in place, looks belong in the stylesheet"
            )
        if not isinstance(value, rx.Var) and _STYLE_BREAKER.search(str(value)):
            raise ValueError(f"{name}: {value!r} is not one CSS value")
    return style


def _html_attribute(name: str, value: Any) -> str:
    if isinstance(value, rx.Var):
        raise TypeError(f"plain HTML is made from real rows, not from a Var in {name}")
    if name == "style":
        value = ";".join(f"{key}:{item}" for key, item in value.items())
    if isinstance(value, bool):
        if name.startswith(("data-", "aria-")):
            value = str(value).lower()
        else:
            return f" {_html_name(name)}" if value else ""
    return f' {_html_name(name)}="{escape(value)}"'


def _html_name(name: str) -> str:
    return _HTML_NAMES.get(name, name.replace("_", ""))


def _react_name(name: str) -> str:
    if "-" in name:
        return name
    first, *rest = _REACT_NAMES.get(name, name).split("_")
    return first + "".join(part.capitalize() for part in rest)
