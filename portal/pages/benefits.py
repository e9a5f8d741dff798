"""Benefits: what is left of make-ups, passes, credit and discounts, and where each one went."""

from typing import Any

from portal.components.benefits import nudge, pass_card
from portal.components.chips import whole_family
from portal.components.elements import Node, each, el, fragment, icon, when
from portal.components.histories import benefit_row, history, make_up_row, unfolding
from portal.components.links import button, more_link
from portal.components.notes import empty, shared_note
from portal.components.rows import details, line_item, rows, section
from portal.components.shell import page_head
from portal.components.tabs import jumps
from portal.pages.make_up_sheet import make_up_buttons
from portal.state.visiting import CheckInState, VisitState

_visits: Any = VisitState
_check_in: Any = CheckInState
"""Their handlers take arguments, which their declared type does not know."""


def body(view: Any) -> Node:
    """The whole page below the switcher, for every choice at once."""
    family = fragment(
        each(view.jumps, lambda bar: el.div(jumps(bar.links), data={"for": bar.whose})),
        el.div(
            el.div(_make_ups(view.make_ups), _credit(view.credit), class_name="stack"),
            el.div(
                _passes(view.passes),
                _discounts(view.discounts),
                shared_note(view.note),
                class_name="stack",
            ),
            class_name="cols half",
        ),
    )
    return fragment(page_head("Benefits"), when(view.shares_only, _shares_only(view), family))


def _shares_only(view: Any) -> Node:
    """An adult who only has a share: the shared booking's make-ups, and why there is no more."""
    nothing = empty(
        "No family of your own here",
        "Passes, credit and discounts belong to a family. "
        "You see what comes with the booking shared with you.",
    )
    return el.div(_make_ups(view.make_ups), nothing, class_name="narrow stack")


def _make_ups(part: Any) -> Node:
    return section(
        "Make-ups",
        el.div(
            each(part.waiting, _waiting),
            when(part.rows, rows(part.rows, make_up_row, "card deep-inset")),
            each(part.nothing, _nothing),
            class_name="stack-s",
        ),
        _more(part.more),
        id="make-ups",
        test_id="make-ups",
    )


def _waiting(item: Any) -> Node:
    how = when(item.history, unfolding("How it came about", item.history, "under-nudge"))
    return el.div(nudge(item.nudge, make_up_buttons(item.nudge)), how, data={"member": item.member})


def _passes(part: Any) -> Node:
    return section(
        "Passes",
        el.div(
            each(part.open, _open_pass),
            when(part.rows, rows(part.rows, _pass_row)),
            each(part.nothing, _nothing),
            class_name="stack-s",
        ),
        _more(part.more),
        id="passes",
        test_id="passes",
    )


def _open_pass(item: Any) -> Node:
    used = when(item.history, details("Entries used", item.count, history(item.history), is_open=True))
    card = pass_card(item.card, "five", *_use(item.card.id))
    return el.div(card, used, class_name="stack-s", data={"member": item.member})


def _pass_row(item: Any) -> Node:
    """A pass that is not counted can be used too; any other tells its history alone."""
    use = el.div(*_use(item.pass_id), class_name="btns inset")
    return benefit_row(item, when(item.pass_id, use))


def _use(pass_id: Any) -> tuple[Node, Node]:
    choose = button("Choose a session", look="second small", on_click=_visits.choose(pass_id))
    show = button(icon("qr-code"), "Check in", look="quiet small", on_click=_check_in.show(pass_id))
    return choose, show


def _credit(part: Any) -> Node:
    balance = el.div(
        el.p(part.balance, class_name="figure"), el.p(part.words, class_name="meta"), class_name="pad"
    )
    ledger = when(part.lines, rows(part.lines, line_item, "ruled"))
    return section(
        "Credit",
        el.div(balance, ledger, class_name="card"),
        _more(part.more),
        beside=whole_family(),
        id="credit",
        test_id="credit",
    )


def _discounts(part: Any) -> Node:
    return section(
        "Discounts",
        el.div(
            when(part.rows, rows(part.rows, benefit_row)),
            each(part.nothing, _nothing),
            class_name="stack-s",
        ),
        _more(part.more),
        id="discounts",
        test_id="discounts",
    )


def _nothing(item: Any) -> Node:
    return empty(item.title, item.words, look="mute", data={"for": item.whose})


def _more(link: Any) -> Node:
    return when(link.href, more_link(link.href, link.label))
