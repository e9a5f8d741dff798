"""A record as PDF: facts about somebody, then parts with words or a table. Made when asked for, never numbered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.documents.content import Party
from portal.documents.paper import SMALL, Paper


@dataclass(frozen=True)
class Columns:
    """A table: its head, its lines, how wide each column is, and how many at the right are numbers."""

    head: tuple[str, ...] = ()
    lines: Sequence[tuple[str, ...]] = ()
    widths: tuple[int, ...] = ()
    right: int = 0


@dataclass(frozen=True)
class Part:
    """A part of a record: its name, a quiet line below it, paragraphs, and a table."""

    title: str
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    table: Columns = field(default_factory=Columns)


@dataclass(frozen=True)
class Record:
    """Who says it, about whom, and everything it says."""

    title: str
    language: str
    by: Party
    about: Party
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    contact: str = ""


def pdf(record: Record, at: datetime) -> bytes:
    """The whole record."""
    paper = Paper(record.title, record.by.name, record.language, at, record.contact)
    paper.heading(record.title)
    paper.columns(("From", record.by.name, record.by.lines), ("About", record.about.name, record.about.lines))
    paper.facts(record.facts)
    for part in record.parts:
        _part(paper, part)
    return paper.to_bytes()


def _part(paper: Paper, part: Part) -> None:
    paper.room(30)
    paper.subheading(part.title)
    if part.lead:
        paper.words(part.lead, SMALL, quiet=True)
        paper.ln(1.5)
    for paragraph in part.paragraphs:
        paper.words(paragraph)
        paper.ln(1.5)
    if part.table.lines:
        paper.rows(part.table.head, part.table.lines, part.table.widths, right=part.table.right)
