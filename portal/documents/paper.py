"""One sheet of paper: fonts, margins and the few shapes that every document of the house is made of.

PDF/A-2u: fonts embedded, every letter readable by machines, no script. The same content always makes the same bytes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TableCellFillMode, VAlign
from fpdf.fonts import FontFace

from portal.documents import qr

_FONTS = Path(__file__).parent / "fonts"
INK, QUIET, LINE, BAND, WHITE = (22, 32, 34), (84, 100, 103), (214, 222, 222), (243, 246, 246), (255,) * 3
MARGIN, SMALL, BODY, HEAD, TITLE = 18, 8.5, 10, 11.5, 22
PRODUCER = "Family Portal"
_LEADING = 1.45
_POINT = 0.3528
"""Millimetres."""


class Paper(FPDF):
    """A4, written from top to bottom. `foot` stands on every page beside the page's number."""

    def __init__(self, title: str, author: str, language: str, at: datetime, foot: str = "") -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-2U")
        self._foot = foot
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.c_margin = 0  # the edge of a text is the edge of its table
        self.set_auto_page_break(auto=True, margin=24)
        self.add_font("Figtree", "", _FONTS / "Figtree-Regular.ttf")
        self.add_font("Figtree", "B", _FONTS / "Figtree-SemiBold.ttf")
        self.set_title(title)
        self.set_author(author)
        self.set_creator(author)
        self.set_producer(PRODUCER)
        self.set_lang(language)
        self.set_creation_date(at)
        self.set_xmp_metadata(_metadata(title, author, at))
        self.add_page()

    def footer(self) -> None:
        """Who to ask, and which page this is."""
        self.set_y(-16)
        self._use(SMALL, QUIET)
        self.cell(self.epw - 20, 5, self._foot)
        self.cell(20, 5, f"Page {self.page_no()}", align=Align.R)

    def heading(self, title: str, beside: str = "") -> None:
        """The document's name in large letters, its number behind it."""
        self._use(TITLE, INK, "B")
        self.cell(self.get_string_width(title) + 4, 12, title)
        self._use(HEAD, QUIET)
        self.cell(0, 13.5, beside, align=Align.R, new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def subheading(self, words: str) -> None:
        """The name of a part."""
        self.ln(3)
        self._use(HEAD, INK, "B")
        self.multi_cell(0, _height(HEAD), words, new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def words(self, text: str, size: float = BODY, *, quiet: bool = False) -> None:
        """A paragraph."""
        self._use(size, QUIET if quiet else INK)
        self.multi_cell(0, _height(size), text, align=Align.L, new_x="LMARGIN", new_y="NEXT")

    def columns(self, *columns: tuple[str, str, Sequence[str]]) -> None:
        """Blocks side by side: a quiet label, a name in strong letters, the lines below it."""
        top, lowest, width = self.get_y(), self.get_y(), self.epw / len(columns)
        for at, (label, name, lines) in enumerate(columns):
            self.set_xy(MARGIN + at * width, top)
            for size, colour, style, said in (
                (SMALL, QUIET, "", label),
                (HEAD, INK, "B", name),
                *((BODY, INK, "", line) for line in lines),
            ):
                self._use(size, colour, style)
                self.set_x(MARGIN + at * width)
                self.multi_cell(width - 6, _height(size), said, align=Align.L, new_x="LEFT", new_y="NEXT")
            lowest = max(lowest, self.get_y())
        self.set_xy(MARGIN, lowest + 5)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Labels with their values, in a band across the page."""
        if not pairs:
            return
        width = self.epw / len(pairs)
        top = self.get_y()
        self.set_fill_color(*BAND)
        self.rect(MARGIN, top, self.epw, 15, style="F", round_corners=True, corner_radius=2.5)
        for at, (label, value) in enumerate(pairs):
            self.set_xy(MARGIN + at * width + 4, top + 2.5)
            self._use(SMALL, QUIET)
            self.cell(width - 6, 4.5, label, new_x="LEFT", new_y="NEXT")
            self._use(BODY, INK, "B")
            self.cell(width - 6, 5.5, value)
        self.set_xy(MARGIN, top + 20)

    def rows(
        self, head: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int], *, right: int
    ) -> None:
        """A table whose last `right` columns are numbers; its head is repeated on every page."""
        self._use(BODY, INK)
        self.set_draw_color(*LINE)
        self.set_fill_color(*WHITE)
        aligned = tuple(Align.R if at >= len(widths) - right else Align.L for at in range(len(widths)))
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            col_widths=tuple(widths),
            headings_style=FontFace(emphasis="", color=QUIET, size_pt=SMALL),
            line_height=_height(BODY),
            padding=(1.6, 0),
            text_align=aligned,
            v_align=VAlign.T,
        ) as table:
            for row in (head, *lines):
                table.row(row)
        self.ln(2)

    def total(self, label: str, amount: str) -> None:
        """The one figure that matters."""
        self._use(15, INK, "B")
        self.cell(self.epw / 2, 11, label)
        self.cell(0, 11, amount, align=Align.R, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def code(self, code: Any, label: str, size: float = 40) -> None:
        """A QR code at the left, drawn as squares; what is written next stands beside it."""
        squares = qr.squares(code)
        side = size / len(squares)
        top, left = self.get_y(), self.get_x()
        with self._figure(label):
            self.set_fill_color(*INK)
            for down, row in enumerate(squares):
                for across, length in _runs(row):
                    self.rect(left + across * side, top + down * side, length * side, side, style="F")

    def to_bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())

    def room(self, height: float) -> None:
        """Go on to the next page unless so many millimetres are left on this one."""
        if self.will_page_break(height):
            self.add_page()

    def _figure(self, label: str) -> Any:
        # fpdf2 tags pictures alone; a drawing is told to readers in the same way.
        return self._marked_sequence(title=label, alt_text=label)

    def _use(self, size: float, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font("Figtree", style, size)
        self.set_text_color(*colour)


def _metadata(title: str, author: str, at: datetime) -> str:
    """What fpdf2 would say, but for the time: it would write when the file was drawn, each time another."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    dates = " ".join(f'xmp:{name}="{when}"' for name in ("CreateDate", "ModifyDate", "MetadataDate"))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        f'<rdf:Description rdf:about="" {dates} xmp:CreatorTool={quoteattr(author)} pdf:Producer="{PRODUCER}">'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _height(size: float) -> float:
    return size * _POINT * _LEADING


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where a dark stretch begins, and how long it is."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and at and row[at - 1]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((at, 1))
    return runs
