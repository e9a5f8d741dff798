"""Fields of forms: typed, chosen, ticked."""

from typing import Any

from portal.components.elements import Node, each, el, icon, when


def field(
    label: Any, name: str, *, kind: str = "text", error: Any = "", hint: Any = "", **attributes: Any
) -> Node:
    """A labelled input; the error stands below it, with an icon, and is read with it."""
    wrong = when(error, "wrong", "")
    control = el.input(
        id=name,
        name=name,
        type=kind,
        class_name=f"input {wrong}",
        aria={"invalid": when(error, "true", "false"), "describedby": f"{name}-note"},
        **attributes,
    )
    note = el.div(
        when(error, error_line(error), when(hint, el.span(hint, class_name="hint"))), id=f"{name}-note"
    )
    return el.div(el.label(label, html_for=name), control, note, class_name="field")


def error_line(words: Any) -> Node:
    """What is wrong with what was typed, and what to do."""
    return el.p(icon("circle-alert"), el.span(words), class_name="error", role="alert")


def code_field(
    name: str = "code", *, error: Any = "", label: str = "6-character code", **attributes: Any
) -> Node:
    """Six boxes, three and three, drawn under one real input: paste, autofill and readers just work."""
    wrong = when(error, "wrong", "")
    boxes = el.span(*(el.i() for _ in range(6)), aria={"hidden": "true"})
    control = el.input(
        id=name,
        name=name,
        type="text",
        input_mode="text",
        auto_complete="one-time-code",
        auto_capitalize="characters",
        spell_check="false",
        pattern="[0-9A-Za-z \\-]*",
        max_length=8,
        required=True,
        aria={"label": label, "describedby": f"{name}-note", "invalid": when(error, "true", "false")},
        **attributes,
    )
    return el.div(boxes, control, class_name=f"code-field {wrong}")


def radio(name: str, value: Any, title: Any, words: Any, **attributes: Any) -> Node:
    """One of several answers, as a row of `rows`; the browser keeps which is chosen."""
    button = el.input(type="radio", name=name, value=value, class_name="sr", **attributes)
    said = el.span(el.b(title, class_name="strong"), el.span(words, class_name="meta under"))
    return el.li(el.label(button, el.span(class_name="radio"), said, class_name="opt"))


def tick(name: str, title: Any, words: Any, *, value: str = "yes", **attributes: Any) -> Node:
    """Yes or no."""
    box = el.input(type="checkbox", name=name, value=value, class_name="sr", **attributes)
    said = el.span(el.b(title, class_name="strong"), el.span(words, class_name="meta under"))
    return el.label(box, el.span(icon("check"), class_name="check"), said, class_name="choice bare")


def consent_options(choices: Any) -> Node:
    """The questions of the consent card; nothing optional is ticked beforehand."""
    return el.ul(each(choices, _consent), class_name="rows ruled")


def _consent(choice: Any) -> Node:
    kind = when(choice.needed, "Needed", "Optional")
    words = el.span(
        el.b(choice.title, class_name="strong"),
        " ",
        el.span(kind, class_name="small"),
        el.span(choice.words, class_name="meta under"),
    )
    box = el.input(type="checkbox", name=choice.key, value="yes", required=choice.needed, class_name="sr")
    label = el.label(box, el.span(icon("check"), class_name="check"), words, class_name="choice")
    return el.li(label, full_text(choice.title, choice.text))


def full_text(title: Any, text: Any, look: str = "") -> Node:
    """A published text, to open and read before answering."""
    paragraphs = el.div(each(text, _paragraph), class_name="full-text meta")
    summary = el.summary(
        "Read it all", el.span(": ", title, class_name="sr"), icon("chevron-down", "i i-s go")
    )
    return el.details(summary, paragraphs, class_name=f"reading {look}")


def _paragraph(words: Any) -> Node:
    return el.p(words)
