"""The two renderers: what they escape, what they refuse, and that they give the same HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import reflex as rx

from portal.components.elements import (
    choose,
    each,
    el,
    fragment,
    hard_link,
    icon,
    plain_html,
    render,
    trusted_html,
    when,
)

HOSTILE = "<script>alert('1')</script> & \"quotes\" </style>"


@dataclass(frozen=True)
class Item:
    name: str = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True)
class View:
    title: str = ""
    busy: bool = False
    lines: tuple[Item, ...] = ()
    others: tuple[Item, ...] = ()


class ElementsState(rx.State):
    view: View = View()


def page(view: Any) -> Any:
    return el.section(
        el.h1(view.title),
        when(view.busy, el.p("Busy"), el.p("Quiet")),
        el.ul(each(view.lines, item)),
        el.input(name="code", auto_complete="one-time-code", max_length=6, disabled=view.busy),
        aria={"label": view.title, "busy": view.busy},
    )


def item(row: Any) -> Any:
    look = choose(row.tone, {"p1": "amber", "p2": "sky"}, "grey")
    return el.li(
        icon("wallet"),
        el.a(row.name, href=row.href, class_name=f"link {look}"),
        data={"member": row.tone},
        style={"--tone": row.tone},
    )


def test_text_is_escaped() -> None:
    html = render(lambda: el.p(HOSTILE))

    assert (
        html == "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#34;quotes&#34; &lt;/style&gt;</p>"
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {"title": HOSTILE},
        {"class_name": HOSTILE},
        {"aria": {"label": HOSTILE}},
        {"data": {"member": HOSTILE}},
    ],
)
def test_attributes_are_escaped(attributes: dict[str, Any]) -> None:
    html = render(lambda: el.p(**attributes))

    assert html.count("<") == html.count(">") == 2
    assert html.count('"') == 2


def test_a_name_that_looks_like_a_var_is_only_a_name() -> None:
    assert (
        render(lambda: el.p("<reflex.Var>x</reflex.Var>")) == "<p>&lt;reflex.Var&gt;x&lt;/reflex.Var&gt;</p>"
    )


def test_a_style_block_cannot_be_closed_from_inside() -> None:
    assert render(lambda: trusted_html("style", "a</style><script>")) == "<style>a&lt;/style><script></style>"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " JaVaScript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "javascript:<reflex.Var>",
    ],
)
@pytest.mark.parametrize("link", [el.a, hard_link])
def test_an_address_that_runs_is_refused(link: Callable[..., Any], href: str) -> None:
    with pytest.raises(ValueError, match="not an address to link to"):
        render(lambda: link("Go", href=href))


@pytest.mark.parametrize(
    "href", ["/sessions?day=2026-03-12", "#credit", "https://a.example", "mailto:a@b.example", "tel:+421"]
)
def test_an_address_that_leads_somewhere_is_kept(href: str) -> None:
    assert render(lambda: el.a("Go", href=href)) == f'<a href="{href}">Go</a>'


def test_only_custom_properties_are_set_in_place() -> None:
    with pytest.raises(ValueError, match="belong in the stylesheet"):
        render(lambda: el.p(style={"color": "red"}))
    with pytest.raises(ValueError, match="not one CSS value"):
        render(lambda: el.p(style={"--size": "1px;position:fixed"}))


def test_booleans_stand_alone_or_are_left_out() -> None:
    assert render(lambda: el.input(disabled=True, required=False, title=None)) == "<input disabled>"
    assert render(lambda: el.p(aria={"pressed": False})) == '<p aria-pressed="false"></p>'


def test_event_handlers_are_dropped_from_html() -> None:
    assert render(lambda: el.button("Go", on_click=rx.redirect("/"))) == "<button>Go</button>"


def test_a_var_in_html_is_a_mistake_that_is_told() -> None:
    with plain_html(), pytest.raises(TypeError, match="real rows"):
        el.p(ElementsState.view.title)
    with plain_html(), pytest.raises(TypeError, match="real rows"):
        el.p(title=ElementsState.view.title)


def test_html_is_written_only_inside_its_block() -> None:
    with plain_html():
        assert str(el.p("Hi")) == "<p>Hi</p>"

    assert isinstance(el.p("Hi"), rx.Component)


def test_nothing_is_drawn_for_nothing() -> None:
    assert render(lambda: fragment(None, when(False, el.p("Hi")), each((), el.p))) == ""


def test_internal_links_route_in_the_browser_and_others_do_not() -> None:
    inside, place, outside = el.a("A", href="/x"), el.a("B", href="#x"), hard_link("C", href="/documents/1")

    assert [type(link).__name__ for link in (inside, place, outside)] == ["ReactRouterLink", "A", "A"]


def test_a_form_is_submitted_by_the_browser_itself() -> None:
    form = el.form(el.button("Go", type="submit"), action="/auth/request", method="post")

    assert "on_submit" not in form.event_triggers


def test_live_elements_carry_no_refs_and_no_styling_engine() -> None:
    live = str(page(ElementsState.view).render())

    assert "ref_" not in live
    assert "css:" not in live


def test_rows_are_typed_so_a_misspelt_field_is_found_when_the_page_is_built() -> None:
    with pytest.raises(AttributeError):
        each(ElementsState.view.lines, lambda row: el.p(row.nmae))


def test_an_option_of_a_component_is_not_taken_for_the_place_in_the_list() -> None:
    def line(row: Any, look: str = "wide") -> Any:
        return el.p(row.name, class_name=look)

    assert 'className:"wide"' in str(each(ElementsState.view.lines, line).render())


def test_a_list_inside_a_list_still_sees_the_outer_row() -> None:
    view = ElementsState.view
    nested = each(view.lines, lambda row: el.ul(each(view.others, lambda inner: el.li(row.name, inner.name))))

    inner = nested.render()["children"][0]["children"][0]

    assert inner["arg_name"] != nested.render()["arg_name"]
    assert nested.render()["arg_name"] in str(inner["children"][0]["children"][0])
