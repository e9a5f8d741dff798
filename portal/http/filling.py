"""A built document with what is known of this visit put into it: first its head, then its page.

The head needs no rows: it goes out at once, and the browser fetches the scripts while the rows are read.
"""

import re
import zlib
from collections.abc import AsyncIterator, Iterable
from html import escape
from typing import NamedTuple

from portal.services.brand import Brand

_SLOT = re.compile(r'(<div[^>]*\bclass="first-view"[^>]*>)(</div>)')
_PART = re.compile(r'<!--\$--><div class="first-view"></div>.*?<!--/\$-->', re.DOTALL)
"""The built page's slot and skeleton between React's own marks: what it takes over when the rows come along."""
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_ROOT = re.compile(r'rel="modulepreload"[^>]* href="(/assets/root-[^"]+)"')


class Sight(NamedTuple):
    """A first view as HTML, and as JSON the rows it was made from, where the live page goes on from them."""

    html: str = ""
    held: str = ""


def head(built: str, of: Brand, title: str) -> str:
    """The document down to its body: the brand's colour and name, and the title."""
    known = f'<style id="brand">:root{{--brand:{of.color}}}</style>'
    known += f'<meta name="application-name" content="{escape(of.short_name)}">'
    name = escape(f"{title} · {of.short_name}" if title else of.short_name)
    opening = _TITLE.sub(lambda _: f"<title>{name}</title>", _cut(built)[0], count=1)
    # A phone's line is shared by all that is under way: what the first view needs comes first.
    opening = opening.replace('rel="modulepreload"', 'rel="modulepreload" fetchpriority="low"')
    return opening.replace("</head>", f"{known}{_started(opening)}</head>", 1)


def body(built: str, first: Sight) -> str:
    """The rest: the rows, and the first view in the place of the part or in the slot."""
    rest = _cut(built)[1]
    if first.held:
        taken, found = _PART.subn(lambda _: f"<!--$-->{first.html}<!--/$-->", rest, count=1)
        filled = taken if found else _in_slot(rest, first)
        return f'<template id="held">{_as_text(first.held)}</template>{filled}'
    return _in_slot(rest, first)


async def packed(parts: Iterable[str] | AsyncIterator[str]) -> AsyncIterator[bytes]:
    """The same compressed, each part so that the browser can unpack it before the next one has come."""
    packer = zlib.compressobj(5, wbits=31)
    async for part in parts if isinstance(parts, AsyncIterator) else _one_by_one(parts):
        yield packer.compress(part.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


async def _one_by_one(parts: Iterable[str]) -> AsyncIterator[str]:
    for part in parts:
        yield part


def _cut(built: str) -> tuple[str, str]:
    before, body_tag, after = built.partition("<body>")
    return before + body_tag, after


def _started(head: str) -> str:
    """Runs what every page needs, and opens its socket, while the rows are on their way; the page itself comes last."""
    root = _ROOT.search(head)
    return f'<script type="module" async fetchpriority="low" src="{root[1]}"></script>' if root else ""


def _in_slot(built: str, first: Sight) -> str:
    return _SLOT.sub(lambda found: f"{found[1]}{first.html}{found[2]}", built, count=1)


def _as_text(json: str) -> str:
    """JSON that the browser reads as one text: nothing in it can open an element or an entity."""
    return json.replace("&", "\\u0026").replace("<", "\\u003c")
