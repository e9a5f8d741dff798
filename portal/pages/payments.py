"""Payments: unpaid first, then what is on its way or later, then paid; one of them opened."""

from typing import Any

from portal import routes
from portal.components.bank_transfer import bank_transfer, transfer_of_all
from portal.components.bookings import term_strip
from portal.components.chips import chip
from portal.components.downloads import document_facts
from portal.components.elements import Node, el, fragment, when
from portal.components.links import back_link, button_link
from portal.components.money import figure
from portal.components.notes import empty, empty_sign, shared_note
from portal.components.pay_online import pay_online, told
from portal.components.people import face, icon_circle
from portal.components.rows import card, facts, line_item, rows, section
from portal.components.shell import page_head
from portal.components.split import split


def body(view: Any) -> Node:
    """The list with the opened payment beside it; on phones one or the other."""
    there = split(
        view.chosen,
        back_link(routes.PAYMENTS, "Payments"),
        page_head("Payments", view.lead),
        fragment(told(view.told), _list(view)),
        _opened(view.opened),
    )
    nothing = fragment(
        page_head("Payments"), el.div(empty(view.empty_title, view.empty), class_name="narrow")
    )
    return fragment(when(view.empty, nothing, there))


def _list(view: Any) -> Node:
    return fragment(
        when(view.to_pay, _to_pay(view)),
        when(view.transfer_all.lines, transfer_of_all(view.transfer_all, view.to_pay_total)),
        when(view.settled, empty_sign("check", "good", "Nothing to pay", view.settled, test_id="to-pay")),
        when(view.later, section("On its way and later", rows(view.later, line_item, "card pick"))),
        when(view.paid, _paid(view)),
        when(view.void, section("No longer to pay", rows(view.void, line_item, "card pick"))),
        shared_note(view.note),
    )


def _to_pay(view: Any) -> Node:
    total = el.span(view.to_pay_total, class_name="total num")
    return section(
        "To pay",
        rows(view.to_pay, line_item, "card pick"),
        pay_online(view.pay_all),
        beside=total,
        test_id="to-pay",
    )


def _paid(view: Any) -> Node:
    return section(
        "Paid",
        rows(view.paid, line_item, "card pick"),
        when(view.show_all.href, button_link(view.show_all, "second block")),
        beside=el.span(view.paid_count, class_name="small"),
    )


def _opened(item: Any) -> Node:
    return fragment(
        _what(item),
        when(item.transfer.lines, bank_transfer(item.transfer, test_id="bank-transfer")),
        card(
            facts(item.facts),
            when(item.documents, document_facts(item.documents)),
            look="pad facts-card",
        ),
        when(item.history, el.section(el.h3("History"), rows(item.history, line_item), class_name="stack-s")),
    )


def _what(item: Any) -> Node:
    """Whose, what for, how much, where it stands, and what to do."""
    lead = when(item.face.initial, face(item.face), icon_circle(item.icon))
    head = el.div(
        lead, el.div(el.h2(item.title), el.p(item.about, class_name="meta")), class_name="hello small"
    )
    strip = el.div(
        term_strip(item.strip), el.p(item.strip.caption, class_name="small num"), class_name="strip"
    )
    return card(
        head,
        figure(item.amount),
        chip(item.chip),
        when(item.strip.ticks, strip),
        el.p(item.words, class_name="meta"),
        pay_online(item.online),
        look="pad paper",
        aria={"label": "Payment"},
        test_id="opened",
    )
