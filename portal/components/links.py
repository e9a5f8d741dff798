"""Links and buttons. A button names its result: "Pay €62.00", "Sign back up"."""

from typing import Any

from portal.components.elements import Node, el, hard_link, icon, when


def button_link(link: Any, look: str = "") -> Node:
    """A link that looks like a button; `look`: "second", "soft", "quiet", "small", "block" or several."""
    return el.a(when(link.icon, icon(link.icon)), link.label, href=link.href, class_name=f"btn {look}")


def download_button(link: Any, look: str = "second") -> Node:
    """The same for what the router does not know: documents and other sites."""
    return hard_link(when(link.icon, icon(link.icon)), link.label, href=link.href, class_name=f"btn {look}")


def button(*children: Any, look: str = "", **attributes: Any) -> Node:
    """A real button; `type` is "button" unless said otherwise, so that it never submits by accident."""
    attributes.setdefault("type", "button")
    return el.button(*children, class_name=f"btn {look}", **attributes)


def icon_link(link: Any) -> Node:
    """A round 44 px download link whose label is read, not shown."""
    return hard_link(icon(link.icon), href=link.href, class_name="icon-btn", aria={"label": link.label})


def more_link(href: Any, label: Any) -> Node:
    """The way on from a section: "All sessions"."""
    return el.a(label, icon("chevron-right", "i i-s"), href=href, class_name="more")


def back_link(href: Any, label: Any) -> Node:
    """The way back to the list a page was opened from."""
    return el.a(icon("chevron-left"), label, href=href, class_name="back")
