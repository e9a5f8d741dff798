"""What the code imports is what the lock installs: a machine that has more cannot hide what is missing."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from portal.frontend import ROOT

_OURS = {"portal", "tests", "bench", "rxconfig"}


def declared(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    names = [re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if not line.startswith(("#", "-"))]
    return {_plain(found[0]) for found in names if found}


def imported(*places: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for place in places:
        for file in [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"):
            found.update((module, file) for module in _modules(ast.parse(file.read_text())))
    return {module: file for module, file in found.items() if module not in _OURS | sys.stdlib_module_names}


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("places", "requirements"),
    [
        (("portal", "alembic", "rxconfig.py"), ("requirements.in",)),
        (("tests",), ("requirements.in", "requirements-test.in")),
    ],
)
def test_every_import_is_a_named_requirement(places: tuple[str, ...], requirements: tuple[str, ...]) -> None:
    known = set().union(*map(declared, requirements))
    installed = packages_distributions()
    missing = {
        f"{module} in {file.relative_to(ROOT)}"
        for module, file in imported(*places).items()
        if not known & {_plain(name) for name in installed.get(module, [module])}
    }
    assert not missing


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_the_lock_holds_every_requirement_with_hashes(name: str) -> None:
    locked = (ROOT / f"{name}.txt").read_text()
    pinned = {_plain(found) for found in re.findall(r"^([A-Za-z0-9_.-]+)==", locked, re.MULTILINE)}
    assert declared(f"{name}.in") <= pinned
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", locked) if "==" in entry)
