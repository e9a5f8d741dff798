"""Reading a CSV file as people save it: any usual encoding, comma, semicolon or tab."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from portal.documents.encodings import encoding_of
from portal.errors import PortalError

LIMIT = 5 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
PREAMBLE = 40
"""Lines among which a bank's column names are looked for."""


class FileTooLarge(PortalError):
    """A file has 5 MB at most."""

    message_key = "csv.too_large"


class Unreadable(PortalError):
    """The file is not text in a known encoding, or its quotes do not close."""

    message_key = "csv.unreadable"


class Empty(PortalError):
    """There is not even a line of column names."""

    message_key = "csv.empty"


@dataclass(frozen=True)
class Line:
    """A row of the file; `number` is the line it starts on, as an editor counts."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """Column names as written, and the rows that are not blank."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    delimiter: str


def read(data: bytes, known: Callable[[str], bool], encoding: str = "", least: int = 0) -> Sheet:
    """The sheet in these bytes. The delimiter is the one that makes most columns `known`.

    With `least`, the columns are named by the first line that has so many known ones: banks write theirs below
    the account and the period. Where no line has, by the first line.
    """
    if len(data) > LIMIT:
        raise FileTooLarge(limit="5 MB")
    encoding = encoding or encoding_of(data)
    text = _decoded(data, encoding)
    if not text.strip():
        raise Empty
    readable = [
        found for delimiter in DELIMITERS if (found := _rows(text, delimiter, known, least)) is not None
    ]
    if not readable:
        raise Unreadable(line=1)
    rows = max(readable, key=lambda found: (sum(map(known, found.header)), len(found.header)))
    lines = tuple(
        _line(rows.header, number, cells) for number, cells in rows.body if any(map(str.strip, cells))
    )
    return Sheet(tuple(rows.header), lines, encoding, rows.delimiter)


@dataclass(frozen=True)
class _Rows:
    delimiter: str
    header: list[str]
    body: Iterator[tuple[int, list[str]]]


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(encoding=encoding) from error
    if "\0" in text:
        raise Unreadable(encoding=encoding)
    return text


def _rows(text: str, delimiter: str, known: Callable[[str], bool], least: int) -> _Rows | None:
    """The rows below the column names; None when not even those can be read with this delimiter."""
    numbered = _numbered(text, delimiter)
    try:
        if least:
            return _below_names(numbered, delimiter, known, least) or _rows(text, delimiter, known, 0)
        header = next((cells for _, cells in numbered if any(map(str.strip, cells))), [])
    except Unreadable:
        return None
    return _Rows(delimiter, [name.strip() for name in header], numbered)


def _below_names(
    numbered: Iterator[tuple[int, list[str]]], delimiter: str, known: Callable[[str], bool], least: int
) -> _Rows | None:
    for _, cells in islice(numbered, PREAMBLE):
        names = [cell.strip() for cell in cells]
        if sum(map(known, names)) >= least:
            return _Rows(delimiter, names, numbered)
    return None


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(line=before + 1) from error


def _line(header: list[str], number: int, cells: list[str]) -> Line:
    """A cell that is not there is empty; cells beyond the last column are under "", not lost unseen."""
    named = dict(zip(header, cells, strict=False))
    beyond = " ".join(cell for cell in cells[len(header) :] if cell.strip())
    return Line(number, {**named, **({"": beyond} if beyond else {})})
