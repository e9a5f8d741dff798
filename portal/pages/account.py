"""The account: who you are, what you agreed to, where you are signed in."""

from typing import Any

from portal import routes
from portal.components.chips import chip
from portal.components.choosing import pressed_group
from portal.components.elements import Node, each, el, hard_link, icon, when
from portal.components.forms import full_text
from portal.components.links import button
from portal.components.notes import shared_note
from portal.components.people import icon_circle
from portal.components.rows import details, facts, line_item, rows, section
from portal.components.shell import page_head
from portal.pages.my_data import change_email, my_data
from portal.state.account import AccountState

# The framework types what @rx.event makes as not callable.
_ANSWER: Any = AccountState.answer
_PREFER: Any = AccountState.prefer
_SPEAK: Any = AccountState.speak


def body(view: Any) -> Node:
    """The whole page."""
    mine = el.div(_about(view), _families(view), _devices(view), _appearance(), class_name="stack")
    agreed = el.div(_consents(view), _history(view), my_data(view), _messages(view), class_name="stack")
    return el.div(page_head("Your account"), el.div(agreed, mine, class_name="cols"))


def _about(view: Any) -> Node:
    people = when(view.members, rows(view.members, line_item, "ruled"))
    words = shared_note(
        "Something is not right? Tell us, and we will put it right.",
        when(
            view.contact,
            el.span(" ", hard_link(view.contact, href=f"mailto:{view.contact}", class_name="link")),
        ),
        picture="info",
    )
    card = el.div(el.div(facts(view.about), class_name="pad tight"), people, class_name="card")
    change = el.div(change_email(), class_name="btns")
    return section("Who you are", el.div(card, change, words, class_name="stack-s"), test_id="about")


def _families(view: Any) -> Node:
    """Where a guardian of several families goes from one to the other."""
    return when(view.families, section("Your families", rows(view.families, _family), test_id="families"))


def _family(family: Any) -> Node:
    body = el.div(
        el.p(family.name, class_name="title"), el.p(family.words, class_name="meta"), class_name="body"
    )
    here = el.span(icon("check"), "Shown now", class_name="chip bare")
    switch = el.form(
        el.input(type="hidden", name="family", value=family.id),
        button("Show", el.span(" ", family.name, class_name="sr"), look="second small", type="submit"),
        action=routes.AUTH_FAMILY,
        method="post",
    )
    lead = icon_circle("users", when(family.current, "brand", "plain"))
    return el.li(el.div(lead, body, when(family.current, here, switch), class_name="row mid"))


def _consents(view: Any) -> Node:
    return section(
        "My data and consents",
        rows(view.consents, _consent, "card no-lead"),
        id="consents",
        test_id="consents",
    )


def _consent(item: Any) -> Node:
    act = button(
        item.action,
        el.span(" ", item.title, class_name="sr"),
        look="second small act",
        on_click=_ANSWER(item.key, when(item.given, False, True)),
    )
    body = el.div(
        el.p(item.title, class_name="title"),
        el.p(item.words, class_name="meta"),
        el.div(chip(item.chip), el.span(item.since, class_name="small num"), class_name="chips"),
        full_text(item.title, item.text, "flush"),
        class_name="body",
    )
    needed = el.span("Needed", class_name="small")
    return el.li(el.div(body, when(item.action, act, needed), class_name="row top-align"))


def _history(view: Any) -> Node:
    lines = el.ul(each(view.history, _answer), class_name="rows trace")
    record = hard_link(
        icon("download"), "Download as PDF", href=routes.CONSENT_RECORD, class_name="btn second"
    )
    answers = details("Every answer you gave", view.history_count, lines)
    return when(view.history, el.div(answers, el.div(record, class_name="btns"), class_name="stack-s"))


def _answer(item: Any) -> Node:
    body = el.div(
        el.p(item.title, class_name="title"),
        el.p(item.words, class_name="meta"),
        full_text(item.title, item.text, "flush"),
        class_name="body",
    )
    return el.li(el.div(icon_circle(item.icon, "plain", "s30"), body, class_name="row top-align"))


def _messages(view: Any) -> Node:
    always = shared_note(
        "Sign-in codes and invitations always come: they answer what somebody asked for.", picture="info"
    )
    return section(
        "Messages",
        el.div(rows(view.messages, _message, "card no-lead"), _languages(view), always, class_name="stack-s"),
        id="messages",
        test_id="messages",
    )


def _languages(view: Any) -> Node:
    choice = pressed_group(view.languages, _language, _SPEAK, label="Language of messages", look="jump")
    return el.div(el.p("We write to you in", class_name="meta"), choice, class_name="stack-s")


def _language(item: Any) -> tuple[Any, ...]:
    return (el.span(item.name, lang=item.id),)


def _message(item: Any) -> Node:
    body = el.div(
        el.p(item.title, class_name="title"), el.p(item.words, class_name="meta"), class_name="body"
    )
    by_whatsapp = when(item.has_whatsapp, _switch(item, "whatsapp", "WhatsApp", item.whatsapp))
    return el.li(
        el.div(body, by_whatsapp, _switch(item, "email", "E-mail", item.email), class_name="row mid")
    )


def _switch(item: Any, channel: str, words: str, on: Any) -> Node:
    return el.button(
        el.span(f"{words}: ", item.title, class_name="sr"),
        type="button",
        role="switch",
        class_name=when(on, "switch is-on", "switch"),
        aria={"checked": on},
        on_click=_PREFER(item.kind, channel, when(on, False, True)),
    )


def _devices(view: Any) -> Node:
    out = el.form(
        button("Sign out", look="second", type="submit"), action=routes.AUTH_SIGN_OUT, method="post"
    )
    everywhere = el.form(
        button("Sign out everywhere", look="mute", type="submit"),
        action=routes.AUTH_SIGN_OUT_EVERYWHERE,
        method="post",
    )
    return section(
        "Where you are signed in",
        el.div(
            rows(view.devices, line_item),
            el.p(
                view.devices_words,
                " We sign you out after 30 days, or 14 days without a visit.",
                class_name="meta",
            ),
            el.div(out, everywhere, class_name="btns"),
            class_name="stack-s",
        ),
        test_id="devices",
    )


def _appearance() -> Node:
    return section(
        "Appearance",
        shared_note(
            "Light or dark follows your device: change it there, and this page follows.", picture="palette"
        ),
    )
