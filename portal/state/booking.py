"""What one booking's dashboard shows."""

import reflex as rx

from portal.rows.bookings import BookingView
from portal.services import booking
from portal.state.base import PageState


class BookingState(PageState, rx.State):
    """The booking of the address, if it is theirs to see."""

    view: BookingView = BookingView()
    service = staticmethod(booking.read)
