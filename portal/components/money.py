"""What is to pay: the first thing a family with a debt sees."""

from typing import Any

from portal.components.chips import chip, whole_family
from portal.components.elements import Node, each, el, icon, when
from portal.components.links import button_link
from portal.components.people import face


def due_card(due: Any) -> Node:
    """Label and worst status, the total, one line per item, and where to see it; else what comes next."""
    return when(due.count, _open(due), when(due.later, _later(due)))


def _open(due: Any) -> Node:
    head = el.div(el.h2("To pay", class_name="h3"), chip(due.chip), class_name="due-head")
    family = el.span(whole_family(), class_name="not-all")
    return el.section(
        head,
        el.p(due.total, family, class_name="figure"),
        el.ul(each(due.lines, _line), class_name="due-list"),
        el.div(
            when(due.pay.href, button_link(due.pay)),
            when(due.see.href, button_link(due.see, "second")),
            class_name="btns fill",
        ),
        class_name="card due",
        test_id="to-pay",
        aria={"label": "To pay"},
    )


def _line(line: Any) -> Node:
    return el.li(
        face(line.face, "s26"),
        el.span(line.words, " ", el.span(line.when, class_name="whole")),
        el.b(line.amount),
    )


def _later(due: Any) -> Node:
    return el.p(icon("circle-check"), el.span(due.later), class_name="shared settled", test_id="to-pay")


def figure(amount: Any, *beside: Any) -> Node:
    """The one large amount of a card."""
    return el.p(amount, *beside, class_name="figure")


def copy_line(label: Any, value: Any, *action: Any) -> Node:
    """One detail of a bank transfer, and the button that copies it."""
    return el.div(el.div(el.span(label, class_name="small"), el.b(value)), *action, class_name="copy")
