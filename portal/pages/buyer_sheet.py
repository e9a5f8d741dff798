"""The sheet in which an order gets another buyer."""

from portal.components.elements import Node, el, when
from portal.components.forms import field
from portal.components.links import button
from portal.components.sheet import sheet
from portal.state.buyers import BuyerState

_FORM = "buyer-form"


def buyer_sheet() -> Node:
    """Drawn while it is open."""
    return when(
        BuyerState.is_open,
        sheet(
            "Who is the buyer?",
            BuyerState.view.why,
            _form(),
            foot=button("Save the buyer", look="block", type="submit", form=_FORM),
            on_close=BuyerState.close,
            problem=BuyerState.problem,
            test_id="buyer-sheet",
        ),
    )


def _form() -> Node:
    view = BuyerState.view
    return el.form(
        field("Name", "name", default_value=view.name, auto_complete="name", required=True, max_length=160),
        field("Address", "address", default_value=view.address, auto_complete="off", max_length=300),
        field(
            "Company number",
            "company_id",
            default_value=view.company_id,
            auto_complete="off",
            max_length=40,
            hint="When an employer pays. Leave it empty for a person.",
        ),
        field("VAT number", "vat_id", default_value=view.vat_id, auto_complete="off", max_length=40),
        id=_FORM,
        class_name="stack-s roomy",
        on_submit=BuyerState.save,
    )
