"""What the benefits page shows."""

import reflex as rx

from portal.rows.benefits import BenefitsView
from portal.services import benefits
from portal.state.base import PageState


class BenefitsState(PageState, rx.State):
    """All four kinds, for every choice of the member switcher at once."""

    view: BenefitsView = BenefitsView()
    service = staticmethod(benefits.read)
