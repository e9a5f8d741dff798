"""The house's own words of every kind in every language: one file a language under texts/."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.messages import templates
from portal.messages.kinds import Kind

_FOLDER = Path(__file__).parent / "texts"
DEFAULT = "en"
LANGUAGES = ("en", "sk", "cs", "de")


@dataclass(frozen=True)
class Words:
    """The words of a kind, with tags. `text` is paragraphs with an empty line between; `button` names its result."""

    subject: str
    text: str
    button: str


@dataclass(frozen=True)
class Around:
    """What stands around the words in every letter."""

    hello: str
    digest: str
    why: str
    off: str


def language(locale: str) -> str:
    """The language we have for a locale: "sk_SK" is "sk", an unknown one is English."""
    wanted = locale.replace("-", "_").partition("_")[0].lower()
    return wanted if wanted in LANGUAGES else DEFAULT


def words(kind: Kind, locale: str) -> Words:
    """The house's words of this kind."""
    return Words(**_catalogue(language(locale))[kind.value])


def around(locale: str) -> Around:
    """What stands around them."""
    return Around(**_catalogue(language(locale))["around"])


def answering(what: str, locale: str, values: Mapping[str, str]) -> dict[str, str]:
    """The filled words of a letter that answers somebody who waits for it: "sign_in", "email_change"."""
    said = _catalogue(language(locale))[what]
    return {name: templates.fill(text, values) for name, text in said.items()}


@cache
def _catalogue(wanted: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{wanted}.toml").read_text(encoding="utf-8"))
