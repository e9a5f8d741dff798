import ast
import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter

import portal
from portal import i18n
from portal.errors import PortalError
from portal.i18n import Entry, _catalogue
from portal.messages.templates import BrokenTemplate
from tests.test_architecture import modules

NEVER_IMPORTED = ("portal.__main__", "portal.portal")


def refusals(of: type[PortalError] = PortalError) -> Iterator[type[PortalError]]:
    yield of
    for kind in of.__subclasses__():
        yield from refusals(kind)


def conditions() -> Iterator[tuple[str, set[str]]]:
    """The key of every condition the code makes, and the names of the values it brings."""
    calls = (node for file in modules() for node in ast.walk(ast.parse(file.read_text())))
    for node in calls:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Condition":
            assert isinstance(node.args[0], ast.Constant), "a condition's key stands in the code as it is"
            brought = (word.value for word in node.keywords if word.arg == "values")
            names = {key.value for dict_ in brought if isinstance(dict_, ast.Dict) for key in dict_.keys}  # type: ignore[union-attr]
            yield str(node.args[0].value), {str(name) for name in names}


def asked_for(entry: Entry) -> set[str]:
    """The values that the words of a key ask for."""
    forms = [entry] if isinstance(entry, str) else list(entry.values())
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_every_refusal_has_words_and_no_words_are_left_over() -> None:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name not in NEVER_IMPORTED:
            importlib.import_module(module.name)

    ours = [refusal for refusal in refusals() if refusal.__module__.startswith("portal.")]
    keys = {refusal.message_key for refusal in ours} | {key for key, _ in conditions()}
    assert keys == set(_catalogue("en"))


def test_words_ask_for_no_value_but_a_count_and_what_their_condition_brings() -> None:
    brought: dict[str, set[str]] = {BrokenTemplate.message_key: {"line", "reason"}}
    for key, names in conditions():
        brought[key] = brought.get(key, names) & names
    for key, entry in _catalogue("en").items():
        assert asked_for(entry) <= {"count", *brought.get(key, ())}, key


def test_one_and_several_are_said_differently() -> None:
    assert i18n.say("sign_in.wrong_code", {"count": 1}).endswith("You have 1 try left.")
    assert i18n.say("sign_in.wrong_code", {"count": 3}).endswith("You have 3 tries left.")


def test_a_language_without_a_catalogue_is_said_in_english() -> None:
    for locale in ("sk_SK", "../../etc/passwd", ""):
        assert i18n.say("error.not_found", locale=locale) == i18n.say("error.not_found")
