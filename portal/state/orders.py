"""What the orders page shows."""

import reflex as rx

from portal.rows.orders import OrdersView
from portal.services import orders
from portal.state.base import PageState


class OrdersState(PageState, rx.State):
    """The list, and the order that is opened."""

    view: OrdersView = OrdersView()
    service = staticmethod(orders.read)
