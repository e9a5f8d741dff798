"""Words of refusals and messages by key. Catalogues are JSON files under locales/, one a language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "locales"
DEFAULT = "en"

Entry = str | dict[str, str]
"""A sentence with {placeholders}; or its forms for a number, {"one": ..., "other": ...}, by `count`."""


def say(key: str, values: Mapping[str, object] | None = None, locale: str = DEFAULT) -> str:
    """The words of this key, filled with `values`; KeyError for a key that no catalogue has."""
    entry = _catalogue(locale).get(key) or _catalogue(DEFAULT)[key]
    return _form(entry, values or {}).format_map(values or {})


def known(key: str) -> bool:
    """Whether there are words for this key: a key from an address may be anything."""
    return key in _catalogue(DEFAULT)


def _form(entry: Entry, values: Mapping[str, object]) -> str:
    if isinstance(entry, str):
        return entry
    return entry["one" if values.get("count") == 1 else "other"]


@cache
def _catalogue(locale: str) -> dict[str, Entry]:
    language = locale.partition("_")[0].lower()
    file = _FOLDER / f"{language}.json"
    if not language.isalpha() or not file.exists():
        return {}
    found: dict[str, Entry] = json.loads(file.read_text(encoding="utf-8"))
    return found
