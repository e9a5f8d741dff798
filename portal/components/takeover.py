"""How the live page takes over the first view that its document came with, element by element.

A document that brings a first view also brings the rows it was made from. React starts with these, so what it would
draw is what is there, and it keeps the elements. It does so part by part: the frame first, then each `part` as soon as
there is time, or at once when something in it is pressed.
"""

import reflex as rx
from markupsafe import Markup

from portal.components.elements import Node, fragment, is_plain

_SCRIPT = "$/public/takeover.js"


class _Part(rx.Component):
    library = "react"
    tag = "Suspense"


class _Held(rx.Component):
    library = _SCRIPT
    tag = "Held"


class _Live(rx.Component):
    library = _SCRIPT
    tag = "Live"


def part(*children: Node) -> Node:
    """A part of the page that is taken over by itself."""
    if is_plain():
        return Markup("<!--$-->{}<!--/$-->").format(fragment(*children))
    return _Part.create(*children)


def held_rows(_stateful: bool) -> rx.Component:
    """Around the whole app: gives it the rows that came with the document."""
    return _Held.create()


def live() -> Node:
    """Marks `main` as ready once it is taken over; draws nothing."""
    return None if is_plain() else _Live.create()
