"""What the bookings page shows."""

import reflex as rx

from portal.rows.bookings import BookingsView
from portal.services import bookings
from portal.state.base import PageState


class BookingsState(PageState, rx.State):
    """Every booking, and enquiries."""

    view: BookingsView = BookingsView()
    service = staticmethod(bookings.read)
