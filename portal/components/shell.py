"""The frame around every page: top bar, member switcher, quick menu, footer. It decides nothing."""

from collections.abc import Callable
from typing import Any

from portal import routes
from portal.components.account_menu import account_menu
from portal.components.elements import Node, each, el, hard_link, icon, is_plain, trusted_html, when
from portal.components.people import face
from portal.components.takeover import live

EVERYONE = "all"
SECTIONS = (
    (routes.PAYMENTS, "Payments", "wallet"),
    (routes.SESSIONS, "Sessions", "calendar-days"),
    (routes.BOOKINGS, "Bookings", "notebook-text"),
    (routes.BENEFITS, "Benefits", "gift"),
    (routes.ORDERS, "Orders", "receipt-text"),
)


def frame(
    shell: Any,
    current: str,
    *children: Any,
    who: Any = EVERYONE,
    on_choose: Callable[[Any], Any] | None = None,
    on_refresh: Any = None,
    switcher: bool = True,
) -> Node:
    """A whole page. `current` is the route of its section; `switcher` False for pages that never filter."""
    choice = member_switcher(shell.members, who, on_choose) if switcher else None
    body = el.main(
        choice,
        *children,
        live(),
        id="main",
        class_name="wrap page filtered" if switcher else "wrap page",
        tab_index=-1,
        data={"who": who if switcher else EVERYONE, "ready": None if is_plain() else "true"},
    )
    return el.div(
        el.a("Skip to content", href="#main", class_name="skip"),
        top_bar(shell, current),
        each(shell.members, _filter_rule),
        body,
        footer(shell, on_refresh),
        dock(shell.unpaid, current, test_id="quick-menu"),
        class_name="frame has-dock",
    )


def page_head(title: Any, lead: Any = "", **attributes: Any) -> Node:
    """The page's one title, and a sentence that answers before anything else does."""
    return el.div(
        el.h1(title), when(lead, el.p(lead, class_name="lead")), class_name="page-head", **attributes
    )


def top_bar(shell: Any, current: str) -> Node:
    """Brand mark and name (= Home), the sections on wide screens, the account.

    Inside another website only the sections are left, with Home as one of them.
    """
    home = el.a(
        brand_mark(shell.logo),
        el.span(shell.brand),
        href=routes.HOME,
        class_name="brand",
        aria={"label": f"{shell.brand}, home", "current": "page" if current == routes.HOME else None},
    )
    way_home = el.a(
        icon("house"),
        "Home",
        href=routes.HOME,
        class_name="home",
        aria={"current": _here(routes.HOME, current)},
    )
    tabs = el.nav(
        way_home,
        *(_tab(shell.unpaid, current, *one) for one in SECTIONS),
        class_name="tabs",
        aria={"label": "Sections"},
    )
    end = el.div(account_menu(shell), class_name="end")
    return el.header(el.div(home, tabs, end, class_name="wrap"), class_name="top")


def dock(unpaid: Any, current: str, **attributes: Any) -> Node:
    """The quick menu of phones: five sections, a badge where something waits."""
    entries = (el.li(_dock_link(unpaid, current, *one)) for one in SECTIONS)
    return el.nav(el.ul(*entries), class_name="dock", aria={"label": "Quick menu"}, **attributes)


def member_switcher(members: Any, who: Any, on_choose: Callable[[Any], Any] | None = None) -> Node:
    """Everyone and each member, once there is one. Pressing filters by the stylesheet alone; `on_choose` keeps it."""

    def choice(member: Any) -> Node:
        return _choice(member.id, who, on_choose, face(member.face), member.name)

    everybody = el.span(
        each(members, lambda member: face(member.face)), class_name="faces", aria={"hidden": "true"}
    )
    choices = el.div(
        _choice(EVERYONE, who, on_choose, everybody, "Everyone", look="all"),
        each(members, choice),
        class_name="family",
        role="group",
        aria={"label": "Show one family member"},
        test_id="member-switcher",
    )
    return when(members, choices)


def brand_mark(logo: Any) -> Node:
    """The provider's logo, or the built-in mark in their colour."""
    own = el.img(src=logo, alt="", class_name="brand-mark")
    built_in = icon("mark", "brand-mark")
    return when(logo, own, built_in)


def footer(shell: Any, on_refresh: Any = None) -> Node:
    """How fresh the page is, and where to ask."""
    fresh = el.span("Up to date at ", shell.updated_at, class_name="num")
    again = el.button(icon("refresh-cw", "i i-s"), "Refresh", type="button", **_click(on_refresh))
    ways = el.div(
        when(shell.help_url, hard_link("Help", href=shell.help_url)),
        el.a("Privacy and consents", href=routes.ACCOUNT),
        when(shell.policies_url, hard_link(shell.brand, " policies", href=shell.policies_url)),
        class_name="line",
    )
    return el.footer(el.div(fresh, again, class_name="line"), ways, class_name="foot wrap")


def _choice(
    choice: Any,
    who: Any,
    on_choose: Callable[[Any], Any] | None,
    lead: Node,
    words: Any,
    look: str | None = None,
) -> Node:
    handler = on_choose(choice) if on_choose else None
    return el.button(
        lead,
        words,
        type="button",
        class_name=look,
        aria={"pressed": who == choice},
        data={"choice": choice},
        **_click(handler),
    )


def _filter_rule(member: Any) -> Node:
    """Hides what is not this member's while they are chosen, and the line above the first row that is left.

    The rule for Everyone is in the stylesheet.
    """
    here = f'[data-who="{member.id}"]'
    others = f'{here} [data-member]:not([data-member=""],[data-member~="{member.id}"])'
    blocks = f'{here} [data-for]:not([data-for=""],[data-for~="{member.id}"])'
    left = f'[data-member~="{member.id}"],[data-member=""],:not([data-member])'
    line = f"{here} .rows>:nth-child(1 of {left})::before"
    return trusted_html("style", f"{others},{blocks},{line}{{display:none!important}}")


def _tab(unpaid: Any, current: str, href: str, words: str, picture: str) -> Node:
    count = _count(unpaid) if href == routes.PAYMENTS else None
    return el.a(icon(picture), words, count, href=href, aria={"current": _here(href, current)})


def _dock_link(unpaid: Any, current: str, href: str, words: str, picture: str) -> Node:
    count = _count(unpaid) if href == routes.PAYMENTS else None
    return el.a(icon(picture), el.span(words), count, href=href, aria={"current": _here(href, current)})


def _here(href: str, current: str) -> str | None:
    return "page" if href == current else None


def _count(unpaid: Any) -> Node:
    return when(unpaid, el.span(unpaid, el.span(" unpaid", class_name="sr"), class_name="count"))


def _click(handler: Any) -> dict[str, Any]:
    return {} if handler is None else {"on_click": handler}
