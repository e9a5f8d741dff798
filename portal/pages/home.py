"""Home: what is due, what is next, then the rest in short."""

from typing import Any

from portal import routes
from portal.components.benefits import nudge, pass_card, tiles
from portal.components.bookings import any_booking_row
from portal.components.elements import Node, each, el, fragment, when
from portal.components.links import button, download_button
from portal.components.money import due_card
from portal.components.notes import empty, shared_note
from portal.components.people import icon_circle
from portal.components.rows import line_item, link_row, rows, section, session_row
from portal.components.shell import page_head
from portal.components.ticket import tickets
from portal.pages.cancelling import buttons
from portal.pages.make_up_sheet import make_up_buttons


def body(view: Any) -> Node:
    """The whole page below the switcher, for every choice at once."""
    return fragment(
        each(view.headings, _heading),
        when(view.empty, _nothing_yet(view), el.div(_main(view), _aside(view), class_name="cols home")),
    )


def _ticket_buttons(going: Any) -> Node:
    return buttons(going, "on-deep-2", "on-deep-2")


def _heading(item: Any) -> Node:
    return page_head(item.title, item.lead, data={"for": item.whose})


def _main(view: Any) -> Node:
    first = el.div(
        due_card(view.due),
        el.div(
            tickets(view.tickets, _ticket_buttons),
            each(view.without_next, _nothing_next),
            test_id="next-session",
        ),
        class_name="first",
    )
    return el.div(
        first,
        section(
            "Coming up",
            each(view.coming_up, _coming_up),
            more_href=routes.SESSIONS,
            more_label="All sessions",
            test_id="upcoming",
        ),
        when(
            view.bookings,
            section(
                "Bookings",
                rows(view.bookings, any_booking_row, "card bk-inset"),
                more_href=routes.BOOKINGS,
                more_label="All bookings",
                test_id="bookings",
            ),
        ),
        _enquiries(view),
        class_name="stack",
    )


def _enquiries(view: Any) -> Node:
    """Not bookings yet, and not lost."""
    return when(view.enquiries, section("Enquiries", rows(view.enquiries, line_item), test_id="enquiries"))


def _aside(view: Any) -> Node:
    return el.div(
        when(view.passes, el.div(each(view.passes, pass_card), class_name="stack-s", test_id="passes")),
        when(view.nudges, el.div(each(view.nudges, _nudge), class_name="stack-s nudges", test_id="nudges")),
        when(view.tiles, _benefits(view)),
        when(view.orders.title, _orders(view)),
        when(view.notes, el.div(each(view.notes, _shared), class_name="wide")),
        class_name="stack aside",
    )


def _nudge(item: Any) -> Node:
    return nudge(item, make_up_buttons(item))


def _benefits(view: Any) -> Node:
    return section(
        "Benefits",
        tiles(view.tiles),
        more_href=routes.BENEFITS,
        more_label="History",
        look="wide",
        test_id="benefits",
    )


def _orders(view: Any) -> Node:
    summary = link_row(icon_circle("receipt-text"), view.orders.title, view.orders.words, routes.ORDERS)
    return section(
        "Orders",
        summary,
        more_href=routes.ORDERS,
        more_label="All orders",
        look="wide",
        test_id="orders-summary",
    )


def _coming_up(item: Any) -> Node:
    nothing = el.p(item.nothing, class_name="meta")
    return el.div(
        when(item.rows, rows(item.rows, _later, "card deep-inset"), nothing),
        data={"for": item.whose},
    )


def _later(item: Any) -> Node:
    return session_row(item, buttons(item.going, back="second small act under"))


def _nothing_next(item: Any) -> Node:
    return el.p(item.words, class_name="card pad meta", data={"for": item.whose})


def _shared(item: Any) -> Node:
    strong = when(item.strong, el.b(item.strong, " "))
    return el.div(
        shared_note(strong, item.words, look=when(item.strong, "box", "")), data={"for": item.whose}
    )


def _nothing_yet(view: Any) -> Node:
    """A family without classes: what will be here, and what may have happened."""
    action = when(view.timetable.href, download_button(view.timetable, ""))
    return el.div(
        empty(
            "No classes yet",
            "When you book a class it appears here, with its sessions, payments and extras.",
            action,
            test_id="upcoming",
        ),
        _enquiries(view),
        shared_note(
            el.b("Booked already? "),
            "You may have used another e-mail address, or sent an enquiry, "
            "which we answer before it becomes a booking.",
            picture="info",
        ),
        el.form(
            button("Use another address", look="second small", type="submit"),
            action=routes.AUTH_SIGN_OUT,
            method="post",
        ),
        class_name="narrow stack-s",
    )
