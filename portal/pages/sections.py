"""Every section of the portal: one line each."""

from portal import routes
from portal.pages import account, benefits, home, orders, payments
from portal.pages.frame import Section
from portal.state.account import AccountState
from portal.state.benefits import BenefitsState
from portal.state.home import HomeState
from portal.state.orders import OrdersState
from portal.state.payments import PaymentsState

HOME = Section(routes.HOME, "Home", home.body, HomeState, routes.HOME, "your home page")

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
    Section(routes.ORDERS, "Orders", orders.body, OrdersState, routes.ORDERS, "your orders", switcher=False),
    Section(routes.ORDER, "Order", orders.body, OrdersState, routes.ORDERS, "this order", switcher=False),
    Section(routes.BENEFITS, "Benefits", benefits.body, BenefitsState, routes.BENEFITS, "your benefits"),
    Section(
        routes.ACCOUNT,
        "Your account",
        account.body,
        AccountState,
        routes.ACCOUNT,
        "your account",
        switcher=False,
    ),
)
