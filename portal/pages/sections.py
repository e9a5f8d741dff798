"""Every section of the portal: one line each."""

from portal import routes
from portal.pages import (
    account,
    benefits,
    booking,
    bookings,
    home,
    my_data,
    orders,
    payments,
    sessions,
    share_sheet,
)
from portal.pages.buyer_sheet import buyer_sheet
from portal.pages.calendars import calendar_sheet
from portal.pages.cancelling import cancel_sheet
from portal.pages.frame import Section
from portal.pages.make_up_sheet import make_up_sheet
from portal.pages.offer_sheet import offer_sheet
from portal.pages.visit_sheet import check_in_sheet, visit_sheet
from portal.pages.waiting_sheet import waiting_sheet
from portal.state.account import AccountState
from portal.state.benefits import BenefitsState
from portal.state.booking import BookingState
from portal.state.bookings import BookingsState
from portal.state.home import HomeState
from portal.state.orders import OrdersState
from portal.state.payments import PaymentsState
from portal.state.sessions import SessionsState

HOME = Section(
    routes.HOME,
    "Home",
    home.body,
    HomeState,
    routes.HOME,
    "your home page",
    sheets=(cancel_sheet, make_up_sheet),
)

SECTIONS = (
    HOME,
    Section(
        routes.PAYMENTS,
        "Payments",
        payments.body,
        PaymentsState,
        routes.PAYMENTS,
        "your payments",
        switcher=False,
    ),
    Section(
        routes.SESSIONS,
        "Sessions",
        sessions.body,
        SessionsState,
        routes.SESSIONS,
        "your sessions",
        sheets=(cancel_sheet, calendar_sheet, make_up_sheet),
    ),
    Section(
        routes.BOOKINGS,
        "Bookings",
        bookings.body,
        BookingsState,
        routes.BOOKINGS,
        "your bookings",
        sheets=(visit_sheet,),
    ),
    Section(
        routes.BOOKING,
        "Booking",
        booking.body,
        BookingState,
        routes.BOOKINGS,
        "this booking",
        switcher=False,
        sheets=(
            cancel_sheet,
            share_sheet.share_sheet,
            offer_sheet,
            waiting_sheet,
            visit_sheet,
            make_up_sheet,
        ),
    ),
    Section(
        routes.ORDERS,
        "Orders",
        orders.body,
        OrdersState,
        routes.ORDERS,
        "your orders",
        switcher=False,
        sheets=(buyer_sheet,),
    ),
    Section(
        routes.ORDER,
        "Order",
        orders.body,
        OrdersState,
        routes.ORDERS,
        "this order",
        switcher=False,
        sheets=(buyer_sheet,),
    ),
    Section(
        routes.BENEFITS,
        "Benefits",
        benefits.body,
        BenefitsState,
        routes.BENEFITS,
        "your benefits",
        sheets=(visit_sheet, check_in_sheet, make_up_sheet),
    ),
    Section(
        routes.ACCOUNT,
        "Your account",
        account.body,
        AccountState,
        routes.ACCOUNT,
        "your account",
        switcher=False,
        sheets=(my_data.email_sheet, my_data.erasure_sheet),
    ),
)
