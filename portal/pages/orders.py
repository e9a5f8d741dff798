"""Orders: how many are to pay and paid, what was bought, and one order opened."""

from typing import Any

from portal import routes
from portal.components.benefits import pass_card, tile
from portal.components.chips import chip
from portal.components.downloads import document_buttons
from portal.components.elements import Node, each, el, fragment, when
from portal.components.links import back_link, button, button_link, more_link
from portal.components.notes import empty, shared_note
from portal.components.rows import card, facts, line_item, rows, section
from portal.components.shell import page_head
from portal.components.split import split
from portal.state.buyers import BuyerState

_buyers: Any = BuyerState
"""Its handlers take arguments, which their declared type does not know."""


def body(view: Any) -> Node:
    """The list with the opened order beside it; on phones one or the other."""
    there = split(
        view.chosen,
        back_link(routes.ORDERS, "Orders"),
        page_head("Orders", "What you bought, newest first."),
        _list(view),
        _opened(view.opened),
    )
    nothing = fragment(page_head("Orders"), el.div(empty(view.empty_title, view.empty), class_name="narrow"))
    return when(view.empty, nothing, there)


def _list(view: Any) -> Node:
    return fragment(
        el.div(each(view.tiles, tile), class_name="tiles low", test_id="orders-summary"),
        when(view.to_pay, section("To pay", rows(view.to_pay, line_item, "card pick"))),
        when(view.later, section("On its way and later", rows(view.later, line_item, "card pick"))),
        when(view.paid, _paid(view)),
        when(view.cancelled, section("Cancelled", rows(view.cancelled, line_item, "card pick"))),
        shared_note(view.note),
    )


def _paid(view: Any) -> Node:
    more = when(view.show_all.href, button_link(view.show_all, "second block"))
    return section("Paid", rows(view.paid, line_item, "card pick"), more)


def _opened(order: Any) -> Node:
    passes = el.section(
        el.div(
            el.h3("Passes from this order"),
            more_link(f"{routes.BENEFITS}#passes", "Entries"),
            class_name="sec-head",
        ),
        el.div(each(order.passes, pass_card), class_name="stack-s"),
    )
    payments = el.section(el.div(el.h3("Payments"), class_name="sec-head"), rows(order.payments, line_item))
    return fragment(
        _account(order),
        when(order.payments, payments),
        when(order.passes, passes),
        when(order.buyer, _buyer(order)),
    )


def _buyer(order: Any) -> Node:
    """Who stands on the invoice, and the way to change it while there is one."""
    change = button("Change the buyer", look="second small", on_click=_buyers.ask(order.switch_buyer))
    return el.section(
        card(facts(order.buyer), look="pad facts-card"),
        when(order.switch_buyer, el.div(change, class_name="btns")),
        when(order.buyer_note, el.p(order.buyer_note, class_name="small")),
        class_name="stack-s",
        aria={"label": "Buyer"},
    )


def _account(order: Any) -> Node:
    """The order's number and date, and its lines down to what was paid or is still to pay."""
    title = el.div(el.h2("Order ", order.number, class_name="num"), el.p(order.date, class_name="meta"))
    return card(
        el.div(title, chip(order.chip), class_name="between upper"),
        el.dl(each(order.lines, _line), class_name="facts-list tot"),
        each(order.not_taken_off, lambda told: el.p(told, class_name="small")),
        when(order.documents, document_buttons(order.documents)),
        look="pad paper",
        test_id="opened",
    )


def _line(line: Any) -> Node:
    """What was bought stands out, and so does the sum."""
    bought = el.b(line.label, class_name="strong")
    label = el.dt(when(line.look == "item", bought, el.span(line.label)), when(line.note, _under(line.note)))
    return el.div(label, el.dd(line.amount), class_name=line.look)


def _under(words: Any) -> Node:
    return el.span(words, class_name="under")
