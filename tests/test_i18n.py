import importlib
import pkgutil
from collections.abc import Iterator
from string import Formatter

import portal
from portal import i18n
from portal.errors import PortalError
from portal.i18n import _catalogue

NEVER_IMPORTED = ("portal.__main__", "portal.portal")


def refusals(of: type[PortalError] = PortalError) -> Iterator[type[PortalError]]:
    yield of
    for kind in of.__subclasses__():
        yield from refusals(kind)


def test_every_refusal_has_words_and_no_words_are_left_over() -> None:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name not in NEVER_IMPORTED:
            importlib.import_module(module.name)

    ours = [refusal for refusal in refusals() if refusal.__module__.startswith("portal.")]
    assert {refusal.message_key for refusal in ours} == set(_catalogue("en"))


def test_words_ask_for_no_value_but_a_count() -> None:
    for entry in _catalogue("en").values():
        for form in [entry] if isinstance(entry, str) else entry.values():
            assert {name for _, name, _, _ in Formatter().parse(form) if name} <= {"count"}


def test_one_and_several_are_said_differently() -> None:
    assert i18n.say("sign_in.wrong_code", {"count": 1}).endswith("You have 1 try left.")
    assert i18n.say("sign_in.wrong_code", {"count": 3}).endswith("You have 3 tries left.")


def test_a_language_without_a_catalogue_is_said_in_english() -> None:
    for locale in ("sk_SK", "../../etc/passwd", ""):
        assert i18n.say("error.not_found", locale=locale) == i18n.say("error.not_found")
