"""QR codes as pictures: for a page as SVG, for a PDF as rows of squares."""

from typing import Any

QUIET = 1
"""Modules of paper around it; the card it lies on brings the rest."""


def svg(code: Any) -> str:
    """One path in a box without a size of its own; dark on whatever lies beneath it."""
    drawn: str = code.svg_inline(border=QUIET, omitsize=True, dark="#0b1718", svgclass=None, lineclass=None)
    return drawn


def squares(code: Any) -> list[list[bool]]:
    """Row by row, True where it is dark, without a border."""
    return [[bool(module) for module in row] for row in code.matrix]
