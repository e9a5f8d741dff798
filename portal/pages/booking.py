"""A booking's own dashboard: how far it is, what is next, and everything about it; and its sessions tab."""

from typing import Any

from portal.components.benefits import nudge
from portal.components.bookings import term_key, term_strip
from portal.components.chips import chip
from portal.components.elements import Node, each, el, fragment, hard_link, icon, when
from portal.components.links import back_link, button, icon_link
from portal.components.notes import shared_note
from portal.components.people import face
from portal.components.rows import card, dots, line_item, rows, section, session_row
from portal.pages.cancelling import buttons
from portal.pages.make_up_sheet import make_up_buttons
from portal.state.offers import OfferState
from portal.state.sharing import SharingState
from portal.state.visiting import VisitState
from portal.state.waiting import WaitingState

_sharing: Any = SharingState
_offers: Any = OfferState
_visits: Any = VisitState
_waiting: Any = WaitingState
"""Their handlers take arguments, which their declared type does not know."""


def body(view: Any) -> Node:
    """The head, then the dashboard or all sessions."""
    names = el.div(el.h1(view.title), dots(view.lead, "lead"))
    head = el.div(el.div(face(view.face), names, class_name="hello"), class_name="page-head")
    return fragment(
        back_link(view.back.href, view.back.label),
        head,
        when(
            view.on_sessions_tab,
            el.div(_progress(view), each(view.groups, _sessions), class_name="stack narrow"),
            _dashboard(view),
        ),
    )


def _dashboard(view: Any) -> Node:
    main = el.div(
        when(view.shared, shared_note(view.shared, look="box")),
        _progress(view),
        when(view.quick, _quick(view)),
        each(view.offer, lambda item: nudge(item, _take(view))),
        when(view.can_visit, _visit(view)),
        when(view.can_leave, _leave(view)),
        when(view.coming, _coming(view)),
        when(view.make_ups, el.div(each(view.make_ups, _make_up), id="make-ups", class_name="stack-s")),
        when(view.used, section("Used for this booking", rows(view.used, line_item))),
        when(view.payments, section("Payments", rows(view.payments, line_item), id="payments")),
        class_name="stack",
    )
    aside = el.div(
        section(
            "Details",
            card(el.dl(each(view.details, _detail), class_name="facts-list"), look="pad facts-card"),
        ),
        _who_can_see(view),
        class_name="stack aside",
    )
    return el.div(main, aside, class_name="cols")


def _make_up(item: Any) -> Node:
    return nudge(item, make_up_buttons(item))


def _progress(view: Any) -> Node:
    return card(
        el.div(el.h2(view.progress, class_name="h3 num"), chip(view.chip), class_name="between"),
        when(view.explained, el.p(view.explained, class_name="meta")),
        when(view.term.ticks, term_strip(view.term, "big")),
        when(view.key, term_key(view.key)),
        look="pad stack-s",
        aria={"label": "Progress"},
    )


def _take(view: Any) -> Node:
    return button(view.take, look="second small", on_click=_offers.see(view.id))


def _visit(view: Any) -> Node:
    return button("Choose a session", look="second block", on_click=_visits.choose(view.id))


def _leave(view: Any) -> Node:
    return button("Leave the waiting list", look="second block", on_click=_waiting.ask(view.id))


def _coming(view: Any) -> Node:
    return section(
        "Next sessions",
        rows(view.coming, _session, "card deep-inset"),
        more_href=view.all_sessions.href,
        more_label=view.all_sessions.label,
        test_id="upcoming",
    )


def _sessions(group: Any) -> Node:
    count = el.span(group.count, class_name="small num")
    return section(group.name, rows(group.rows, _session_of_all, "card deep-inset"), beside=count)


def _session_of_all(item: Any) -> Node:
    """With a file for the family's own calendar."""
    add = when(item.calendar.href, icon_link(item.calendar))
    return session_row(item, fragment(add, _buttons(item)))


def _session(item: Any) -> Node:
    return session_row(item, _buttons(item))


def _buttons(item: Any) -> Node:
    return buttons(item.going, "second small act", "soft small act")


def _quick(view: Any) -> Node:
    sessions = el.a(icon("calendar-days"), "Sessions", href=view.all_sessions.href)
    payments = hard_link(icon("wallet"), "Payments", href="#payments")
    make_up = when(view.make_ups, hard_link(icon("repeat-2"), "Make-up", href="#make-ups"))
    share = el.button(icon("user-plus"), "Share", type="button", on_click=_sharing.share(view.id))
    actions = (sessions, payments, make_up, when(view.can_share, share))
    return el.nav(*actions, class_name="quick fit", aria={"label": "Quick menu of this booking"})


def _who_can_see(view: Any) -> Node:
    """Who can, with what and until when; the family may change that, whoever it is shared with may leave."""
    share = button(
        icon("user-plus"), "Share with someone", look="second block", on_click=_sharing.share(view.id)
    )
    leave = button("Stop seeing this booking", look="second block", on_click=_sharing.leave(view.id))
    return section(
        "Who can see this",
        rows(view.viewers, _viewer),
        when(view.can_share, share),
        when(view.shared, leave),
        look="viewers",
        test_id="viewers",
    )


def _detail(item: Any) -> Node:
    links = each(
        item.links,
        lambda one: el.span(hard_link(one.label, href=one.href, class_name="link", rel="noopener"), " "),
    )
    words = when(item.words, el.span(item.words, " "))
    return el.div(el.dt(item.label), el.dd(words, links, class_name=when(item.quiet, "quiet", "")))


def _viewer(item: Any) -> Node:
    words = el.div(el.p(item.name, class_name="title"), el.p(item.can, class_name="meta"), class_name="body")
    change = el.button(
        icon("ellipsis"),
        type="button",
        class_name="icon-btn",
        aria={"label": f"Change what {item.name} can see"},
        on_click=_sharing.edit(item.share),
    )
    return el.li(el.div(face(item.face, "s40"), words, when(item.share, change), class_name="row mid"))
