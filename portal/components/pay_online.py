"""Paying online: a native form with the button and, where there is credit, the switch that uses it."""

from typing import Any

from portal import routes
from portal.components.elements import Node, el, fragment, icon, when
from portal.components.links import button
from portal.components.notes import alert
from portal.components.people import icon_circle


def pay_online(form: Any, look: str = "block") -> Node:
    """The form, or why there is none."""
    return fragment(
        when(form.payments, _form(form, look)),
        when(form.why, el.p(form.why, class_name="meta", test_id="why-not-online")),
    )


def _form(form: Any, look: str) -> Node:
    """The words of the button follow the switch by the stylesheet alone."""
    label = el.span(form.label, class_name="without-credit")
    less = when(form.with_credit, el.span(form.with_credit, class_name="with-credit"))
    return el.form(
        el.input(type="hidden", name="payments", value=form.payments),
        el.input(type="hidden", name="shown", value=form.shown),
        when(form.only_credit, el.input(type="hidden", name="credit", value=form.only_credit)),
        button(icon("credit-card"), label, less, look=look, type="submit"),
        when(form.note, el.p(form.note, class_name="small")),
        when(form.credit, _credit(form)),
        action=routes.PAY,
        method="post",
        class_name="pay-online stack-s",
    )


def told(said: Any) -> Node:
    """What came of a visit to the payment page."""
    return when(
        said.title, el.div(alert(said.title, said.words, picture=said.icon, tone=said.tone), test_id="told")
    )


def _credit(form: Any) -> Node:
    box = el.input(type="checkbox", role="switch", name="credit", value="yes", class_name="sr")
    body = el.span(
        el.b("Use your credit", class_name="strong"),
        el.span(form.credit, class_name="meta under"),
        class_name="grow",
    )
    return el.label(
        icon_circle("coins", "brand"),
        body,
        box,
        el.span(class_name="switch", aria={"hidden": "true"}),
        class_name="choice bare",
        aria={"label": form.credit_switch},
    )
