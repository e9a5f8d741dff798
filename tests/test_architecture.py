"""The direction of the house, from the imports themselves: models, rules, services, state, pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.frontend import ROOT, SERVER_ONLY

PORTAL = ROOT / "portal"
# What each room never imports, wherever in the file the import stands.
NEVER = {
    "models": ["portal.services", "reflex"],
    "rules": ["portal.db", "portal.settings", "portal.clock", "reflex"],
    "rows": [
        "portal.db",
        "portal.models",
        "portal.services",
        "portal.state",
        "reflex",
        "sqlalchemy",
        "sqlmodel",
    ],
    "services": ["portal.state", "portal.pages", "portal.components", "portal.http", "reflex"],
    "gateways": ["portal.models", "portal.services"],
    "channels": ["portal.models", "portal.services"],
    "state": ["portal.models", "portal.gateways", "sqlmodel", "sqlalchemy"],
    "pages": [f"portal.{name.removesuffix('.py')}" for name in sorted(SERVER_ONLY)],
    "components": ["portal.state", *(f"portal.{name.removesuffix('.py')}" for name in sorted(SERVER_ONLY))],
    "http": ["portal.state", "portal.pages"],
    "jobs.py": ["portal.state", "portal.pages"],
}
LONGEST_MODULE = 280


def modules(room: str = "") -> list[Path]:
    place = PORTAL / room
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def imports(code: str) -> Iterator[str]:
    """Every module that the code imports; of `from a import b` both a and a.b, since b may be a module."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def crossings(code: str, forbidden: list[str]) -> list[str]:
    return [
        name for name in imports(code) if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    ]


@pytest.mark.parametrize("room", NEVER)
def test_a_room_imports_nothing_that_lies_behind_it(room: str) -> None:
    found = {file.relative_to(ROOT): crossings(file.read_text(), NEVER[room]) for file in modules(room)}
    assert not {str(file): names for file, names in found.items() if names}


def test_nobody_imports_the_composition_root() -> None:
    root = ["portal.portal"]
    assert not [file for file in modules() if crossings(file.read_text(), root)]


@pytest.mark.parametrize(
    "code",
    [
        "import portal.db",
        "from portal import db",
        "from portal.db import reading",
        "def f():\n  import portal.db",
    ],
)
def test_every_way_to_import_is_seen(code: str) -> None:
    assert crossings(code, ["portal.db"])


def test_a_name_that_only_begins_alike_is_another() -> None:
    assert not crossings("import portal.dbase", ["portal.db"])


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {
        "utils.py",
        "util.py",
        "helpers.py",
        "helper.py",
        "manager.py",
        "managers.py",
        "common_utils.py",
    }
    assert not [file for file in modules() if file.name in drawers]


def test_modules_stay_short_enough_to_read() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in modules()}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
