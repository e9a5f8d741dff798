"""Segmented tabs and jump links."""

from typing import Any

from portal.components.elements import Node, each, el, hard_link, icon, when


def segments(items: Any, label: str) -> Node:
    """A choice between pages of one list: "Upcoming", "Past". Links, so that each has its own address."""
    return el.nav(each(items, _segment), class_name="seg full", aria={"label": label})


def jumps(items: Any, label: str = "Jump to") -> Node:
    """Pills that lead to a place on the same page, with what is found there: "Make-ups 1"."""
    return el.nav(each(items, _jump), class_name="jump", aria={"label": label})


def pills(items: Any, label: str, **attributes: Any) -> Node:
    """Pills that choose among the rows of a page: "All", "Attended 24". Each choice has its own address."""
    return el.nav(each(items, _pill), class_name="jump", aria={"label": label}, **attributes)


def _pill(item: Any) -> Node:
    here = when(item.current, "true", "false")
    count = when(item.count, el.b(item.count, class_name="num"))
    return el.a(item.label, count, href=item.href, aria={"current": here})


def _segment(item: Any) -> Node:
    here = when(item.current, "true", "false")
    return el.a(item.label, href=item.href, aria={"current": here})


def _jump(item: Any) -> Node:
    return hard_link(
        when(item.icon, icon(item.icon, "i i-s")),
        item.label,
        when(item.count, el.b(item.count, class_name="num")),
        href=item.href,
    )
