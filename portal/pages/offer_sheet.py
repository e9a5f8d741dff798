"""The sheet in which a place that is kept for the family is taken, or given up."""

from portal.components.elements import Node, el, fragment, when
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
            el.p(view.terms, class_name="meta"),
            foot=fragment(
                button(view.accept, look="block", on_click=OfferState.accept), when(view.decline, decline)
            ),
            on_close=OfferState.close,
            problem=OfferState.problem,
            test_id="offer-sheet",
        ),
    )
