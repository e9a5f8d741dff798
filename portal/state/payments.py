"""What the payments page shows."""

import reflex as rx

from portal.rows.payments import PaymentsView
from portal.services import payments
from portal.state.base import PageState


class PaymentsState(PageState, rx.State):
    """The list, and the payment that is opened."""

    view: PaymentsView = PaymentsView()
    service = staticmethod(payments.read)
