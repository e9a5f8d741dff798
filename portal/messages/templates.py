"""Words with {{ tags }}: parsed in a sandbox, held to the tags of their kind, refused with line and reason."""

from collections.abc import Collection, Mapping

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portal.errors import PortalError

_LONGEST = 20_000
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
"""What a text may be made of: words, tags, and "if" around what is not always there."""

_words = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
)


class BrokenTemplate(PortalError):
    """A text that cannot be sent; `line` counts from 1, `reason` says what is wrong there."""

    message_key = "template.broken"


def check(text: str, tags: Collection[str]) -> None:
    """Raise BrokenTemplate unless the text can be filled: its tags are known, and it does nothing but fill them."""
    if len(text) > _LONGEST:
        raise BrokenTemplate(line=1, reason=f"it is longer than {_LONGEST} characters")
    try:
        tree = _words.parse(text)
    except TemplateSyntaxError as error:
        raise BrokenTemplate(line=error.lineno, reason=error.message or "it cannot be read") from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _PLAIN):
            raise BrokenTemplate(
                line=node.lineno, reason="only tags such as {{ name }} and “if” can be used here"
            )
    unknown = meta.find_undeclared_variables(tree) - set(tags)
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            raise BrokenTemplate(line=node.lineno, reason=f"there is no tag {node.name} in this message")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its tags filled; BrokenTemplate when that cannot be done. What is filled in is never markup."""
    check(text, values)
    try:
        return _words.from_string(text).render(values)
    except TemplateError as error:
        raise BrokenTemplate(line=1, reason=error.message or "it cannot be filled") from None
