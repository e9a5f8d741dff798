"""Paying by bank transfer: a picture for the banking app, and every detail with a button that copies it."""

from typing import Any

from portal.components.copying import copy_button
from portal.components.elements import Node, each, el, trusted_html, when
from portal.components.money import copy_line
from portal.components.rows import card, details


def bank_transfer(transfer: Any, **attributes: Any) -> Node:
    """A card of its own."""
    return card(el.h3(transfer.title), *_how(transfer), look="pad paper", **attributes)


def transfer_of_all(transfer: Any, total: Any) -> Node:
    """Everything that is due in one transfer: unfolds, since most families pay another way."""
    inside = el.div(*_how(transfer), class_name="pad paper", test_id="transfer-of-all")
    return details("All of it in one bank transfer", total, inside)


def _how(transfer: Any) -> tuple[Node, Node]:
    label = {"label": transfer.label}
    picture = trusted_html("div", transfer.picture, class_name="qr", role="img", aria=label)
    lines = el.div(each(transfer.lines, _copied))
    return (
        el.p(transfer.words, class_name="meta"),
        el.div(when(transfer.picture, picture), lines, class_name="bank"),
    )


def _copied(line: Any) -> Node:
    return copy_line(line.label, line.value, copy_button(line.copied, line.action, line.said))
