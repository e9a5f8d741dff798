"""The sheet in which a place that is kept for the family is taken, or given up."""

from typing import Any

from portal.components.elements import Node, each, el, fragment, icon, when
from portal.components.forms import field
from portal.components.links import button
from portal.components.rows import card, facts
from portal.components.sheet import sheet
from portal.state.offers import OfferState


def offer_sheet() -> Node:
    """Drawn while it is open."""
    view = OfferState.view
    decline = button(view.decline, look="mute block", on_click=OfferState.decline)
    return when(
        OfferState.is_open,
        sheet(
            view.title,
            view.why,
            card(facts(view.facts), look="pad tight"),
            each(view.not_taken_off, lambda told: el.p(told, class_name="small")),
            when(view.asks_code, _code(view)),
            el.p(view.terms, class_name="meta"),
            foot=fragment(
                button(view.accept, look="block", on_click=OfferState.accept), when(view.decline, decline)
            ),
            on_close=OfferState.close,
            problem=OfferState.problem,
            test_id="offer-sheet",
        ),
    )


def _code(view: Any) -> Node:
    """What few have: folded away until it is wanted."""
    typed = field(
        "Voucher code",
        "code",
        error=view.code_error,
        default_value=view.code,
        auto_complete="off",
        auto_capitalize="characters",
        spell_check="false",
        max_length=40,
    )
    return el.details(
        el.summary("I have a voucher code", icon("chevron-down", "i i-s")),
        el.form(
            typed,
            button("Use it", look="second", type="submit"),
            class_name="stack-s",
            on_submit=OfferState.use_code,
        ),
        class_name="unfolds",
    )
