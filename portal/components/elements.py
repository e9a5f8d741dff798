"""One template, two renderers: every page and component is written once, against `el`.

Normally `el.p("Hi")` makes the Reflex component and row fields are Vars the browser fills in. Inside
`with plain_html():` the same call gives escaped HTML text made from real rows. The first view a family
sees is that text, in the document itself, long before the script that would have drawn it has arrived.

Because a Var has no value yet, components never branch or loop over row values in Python: they use
`when`, `choose` and `each`. All attributes travel through Reflex's `custom_attrs`: its own `style`
would bring a run-time style engine, its `id` a ref per element, its `value` a debouncing wrapper.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import sha256
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any, TypeAlias

import reflex as rx
from markupsafe import Markup, escape

from portal.components.attributes import checked_href, html_attributes, react_attributes, starts_unknown

Node: TypeAlias = Any
"""What an element function gives back: a Reflex component, or Markup inside `plain_html()`."""

_SPRITE = Path(__file__).parents[2] / "assets/icons.svg"
_ICONS = f"/icons.svg?v={sha256(_SPRITE.read_bytes()).hexdigest()[:8]}"
"""Other pictures, another address: a browser that has these never asks again."""

_plain: ContextVar[bool] = ContextVar("plain_html", default=False)
_depth: ContextVar[int] = ContextVar("each_depth", default=0)

VOID_TAGS = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_EVENT = re.compile(r"on_[a-z_]+")
_CLOSES_RAW_TEXT = re.compile(r"<(?=[/!])")
_TEXT_ENDS = "<!-- -->"
"""Keeps neighbouring texts apart, which the browser would otherwise read as one where React has two."""


@contextmanager
def plain_html() -> Iterator[None]:
    """Inside this block elements are HTML text made from real rows, and event handlers are dropped."""
    token = _plain.set(True)
    try:
        yield
    finally:
        _plain.reset(token)


def is_plain() -> bool:
    """Whether elements are now written as HTML text."""
    return _plain.get()


def render(fn: Callable[..., Node], *rows: Any, **options: Any) -> str:
    """The HTML text of a component function for real rows."""
    with plain_html():
        return str(fn(*rows, **options))


class _Elements:
    """`el.div`, `el.a`, ...: one function per HTML element; see `element` for what they take."""

    def __getattr__(self, tag: str) -> Callable[..., Node]:
        def make(*children: Any, **attributes: Any) -> Node:
            return element(tag, *children, **attributes)

        return make


el = _Elements()


def element(tag: str, *children: Any, **attributes: Any) -> Node:
    """One element. Children are text, Vars, nodes or None; attributes are named as in Python (`html_for`).

    `data={"member": id}`, `aria={"label": text}` and `test_id=` write data-* and aria-*; `style` takes custom
    properties only; `on_*` take event handlers, which only the live page has. A link routes in the browser.
    """
    events = {name: attributes.pop(name) for name in list(attributes) if _EVENT.fullmatch(name)}
    present = [child for child in children if child is not None]
    if is_plain():
        return _html(tag, present, attributes)
    return _component(tag, present, attributes, events)


def hard_link(*children: Any, **attributes: Any) -> Node:
    """A link the browser follows itself: downloads, sign-in routes, other sites, places on the same page."""
    if is_plain():
        return element("a", *children, **attributes)
    present = [child for child in children if child is not None]
    return rx.el.A.create(*present, custom_attrs=react_attributes(attributes))


def fragment(*children: Any) -> Node:
    """Several nodes side by side, without an element around them."""
    present = [child for child in children if child is not None]
    if is_plain():
        return _side_by_side(present)
    return rx.fragment(*present)


def when(condition: Any, then: Any, otherwise: Any = None) -> Any:
    """`then` if the condition holds, else `otherwise` (nothing); both are nodes, or both are text."""
    if not isinstance(condition, rx.Var):
        return then if condition else otherwise
    nothing = _nothing(then, otherwise)
    return rx.cond(condition, nothing if then is None else then, nothing if otherwise is None else otherwise)


def each(items: Any, fn: Callable[[Any], Node]) -> Node:
    """One node per item."""
    if isinstance(items, rx.Var):
        return rx.foreach(items, _of_one_row(fn))
    return fragment(*(fn(item) for item in items))


def choose(value: Any, cases: Mapping[str, Any], default: Any = None) -> Any:
    """The case named by the value, else the default; all are nodes, or all are text."""
    if not isinstance(value, rx.Var):
        return cases.get(value, default)
    return rx.match(value, *cases.items(), _nothing(*cases.values()) if default is None else default)


def icon(name: Any, class_name: str = "i") -> Node:
    """A picture from the sprite that only repeats the word beside it, so it is hidden from readers."""
    return _plain_icon(name, class_name) if is_plain() else _icon(name, class_name)


def trusted_html(tag: str, html: Any, **attributes: Any) -> Node:
    """An element whose content is markup or CSS of our own making; never anything a person typed."""
    if is_plain():
        inside = _CLOSES_RAW_TEXT.sub("&lt;", str(html)) if tag == "style" else html
        return _html(tag, [Markup(inside)], attributes)  # noqa: S704 - only ever our own markup
    inner = {"dangerouslySetInnerHTML": {"__html": html}, "suppressHydrationWarning": True}
    return _reflex(tag)(custom_attrs={**react_attributes(attributes), **inner})


def _icon(name: Any, class_name: str) -> Node:
    return el.svg(el.use(href=f"{_ICONS}#{name}"), class_name=class_name, aria={"hidden": "true"})


_plain_icon = lru_cache(maxsize=1000)(_icon)
"""There are a hundred in a page, of a few kinds."""


def _html(tag: str, children: Sequence[Any], attributes: dict[str, Any]) -> Markup:
    opening = f"<{tag}{html_attributes(attributes)}>"
    if tag in VOID_TAGS:
        return Markup(opening)  # noqa: S704 - the tag is ours, its attributes are escaped
    inside = _text(children[0]) if len(children) == 1 else _side_by_side(children)
    return Markup(f"{opening}{inside}</{tag}>")  # noqa: S704 - and so is what stands in it


def _side_by_side(children: Sequence[Any]) -> Markup:
    """Children of which each may have a text for a neighbour."""
    written = [_text(child) if isinstance(child, Markup) else _ended(child) for child in children]
    return Markup("").join(written)


def _ended(text: Any) -> Markup:
    written = _text(text)
    return Markup(f"{written}{_TEXT_ENDS}") if written else written  # noqa: S704 - escaped just now


def _text(child: Any) -> Markup:
    if isinstance(child, rx.Var | rx.Component):
        raise TypeError(f"plain HTML is made from real rows, not from {type(child).__name__}: {child!s:.80}")
    return escape(child)


def _component(tag: str, children: list[Any], attributes: dict[str, Any], events: dict[str, Any]) -> Node:
    if tag == "a" and _leaves_the_router(attributes.get("href")):
        return rx.el.A.create(*children, custom_attrs=react_attributes(attributes), **events)
    router = {"href": checked_href(attributes.pop("href"))} if tag == "a" and "href" in attributes else {}
    if tag == "form":
        events = {"on_submit": None, **events}  # Reflex would otherwise swallow the browser's own submit
    return _reflex(tag)(*children, custom_attrs=react_attributes(attributes), **router, **events)


def _of_one_row(fn: Callable[[Any], Node]) -> Callable[[Any], Node]:
    """`fn` with one parameter, named by how deep its list is nested.

    Reflex hands the index to a second parameter, whatever it is for, and names the row's variable after the
    first, so that a list inside a list would hide the outer row from the inner function.
    """
    depth = _depth.get()

    def of_row(row: Any) -> Node:
        token = _depth.set(depth + 1)
        try:
            return fn(row)
        finally:
            _depth.reset(token)

    row = Parameter(f"row{depth}", Parameter.POSITIONAL_OR_KEYWORD)
    setattr(of_row, "__signature__", Signature([row]))  # noqa: B010 - functions have no such attribute for mypy
    return of_row


def _nothing(*branches: Any) -> Any:
    return fragment() if any(isinstance(branch, rx.Component) for branch in branches) else ""


def _leaves_the_router(href: Any) -> bool:
    return href is not None and not starts_unknown(href) and not str(href).startswith("/")


def _reflex(tag: str) -> Callable[..., Node]:
    made: Callable[..., Node] = rx.el.svg.use if tag == "use" else getattr(rx.el, tag)
    return made
