"""The stylesheet, the sprite and the fonts against their budgets, and against what the code uses of them."""

import gzip
import re
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from reflex.vars import ObjectVar

import portal.rows
from portal.components.styles import FONT, STYLESHEETS
from portal.settings import ROOT

ASSETS = ROOT / "assets"
SOURCES = [
    *ROOT.glob("portal/components/*.py"),
    *ROOT.glob("portal/pages/*.py"),
    *ROOT.glob("portal/services/*.py"),
]
CSS = "\n".join((ASSETS / path.removeprefix("/")).read_text() for path in STYLESHEETS)


def test_the_styles_weigh_at_most_15_kb_and_the_fonts_35() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) <= 15_000
    assert sum(font.stat().st_size for font in ASSETS.glob("fonts/*.woff2")) <= 35_000


def test_the_font_that_is_asked_for_early_is_the_font_of_the_stylesheet() -> None:
    assert f'url("{FONT}")' in CSS
    assert (ASSETS / FONT.removeprefix("/")).exists()


def test_every_icon_named_in_the_code_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / "icons.svg").read_text()))
    named = {name for source in SOURCES for name in _icons_of(source)}

    assert len(named) > 20
    assert named <= drawn


def test_icons_take_their_colour_and_stroke_from_where_they_stand() -> None:
    pictures = "".join(line for line in _symbols() if 'id="mark"' not in line)

    assert not re.findall(r' (?:stroke|fill|stroke-width)="(?!currentColor)', pictures)
    assert "var(" not in "".join(_symbols())


def test_hex_colours_are_named_in_the_tokens_alone() -> None:
    of_masks = {"#0000", "#000"}
    beyond_tokens = CSS[CSS.index("The page before any component") :]

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", beyond_tokens)) == of_masks


def test_no_rule_is_about_one_family() -> None:
    assert not re.findall(r"\.(?:mila|theo|juno)\b", CSS)


def test_a_rows_fields_keep_clear_of_the_names_a_var_has() -> None:
    taken = set(dir(ObjectVar))
    clashes = {
        f"{row.__name__}.{field.name}" for row in _rows() for field in fields(row) if field.name in taken
    }

    assert clashes == set()


def _symbols() -> list[str]:
    return re.findall(r"<symbol.*?</symbol>", (ASSETS / "icons.svg").read_text())


def _icons_of(source: Path) -> set[str]:
    text = source.read_text()
    return {
        *re.findall(r'\bicon\("([\w-]+)"', text),
        *re.findall(r'\b(?:icon|picture)=\s*"([\w-]+)"', text),
        *re.findall(r'\b(?:icon_circle|empty_sign|Chip)\((?:"\w*", )?"([a-z][\w-]+-[\w-]+)"', text),
    }


def _rows() -> list[type]:
    modules = [import_module(f"portal.rows.{found.name}") for found in iter_modules(portal.rows.__path__)]
    return [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind)
    ]
