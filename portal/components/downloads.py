"""Documents to download: the browser follows these links itself."""

from typing import Any

from portal.components.elements import Node, each, el, hard_link, icon


def document_facts(documents: Any) -> Node:
    """One line each: "Invoice", "Download PDF"."""
    return el.dl(each(documents, _fact), class_name="facts-list goes-on")


def document_buttons(documents: Any) -> Node:
    """Side by side: "Invoice", "Receipt"."""
    return el.div(each(documents, _button), class_name="btns fill")


def _fact(document: Any) -> Node:
    which = el.span(" of ", document.number, class_name="sr")
    link = hard_link("Download PDF", which, href=document.href, class_name="link")
    return el.div(el.dt(document.kind), el.dd(link))


def _button(document: Any) -> Node:
    which = el.span(", ", document.number, class_name="sr")
    return hard_link(icon("download"), document.button, which, href=document.href, class_name="btn second")
