"""All that a numbered document says, ready to print; kept as JSON when it is issued and never made again."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.rules.transfers import CodeStandard, Transfer


@dataclass(frozen=True)
class Party:
    """Who sells, who buys: a name and the lines below it."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedLine:
    """A line of the table: what, and how much; `rate` is empty where no tax is charged."""

    label: str
    note: str = ""
    quantity: str = ""
    price: str = ""
    rate: str = ""
    total: str = ""


@dataclass(frozen=True)
class PrintedTax:
    """What one rate was charged on."""

    rate: str
    base: str
    tax: str
    total: str


@dataclass(frozen=True)
class PrintedPart:
    """A payment that is still to come: "1 of 3", "6 March 2026", "OT2031-1", "€62.00"."""

    label: str
    due: str
    reference: str
    amount: str


@dataclass(frozen=True)
class Content:
    """A document, word for word. `transfer` and `code` make the picture to pay by."""

    title: str
    number: str
    language: str
    seller: Party
    buyer: Party
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[PrintedLine, ...] = ()
    total_label: str = ""
    total: str = ""
    taxes: tuple[PrintedTax, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[PrintedPart, ...] = ()
    transfer: Transfer | None = None
    code: str = ""
    contact: str = ""


def to_json(content: Content) -> str:
    """Always the same text for the same content."""
    return json.dumps(asdict(content), ensure_ascii=False, sort_keys=True, default=str)


def from_json(text: str) -> Content:
    """The content as it was issued."""
    said: dict[str, Any] = json.loads(text)
    return Content(
        **{
            **said,
            "facts": tuple((label, value) for label, value in said["facts"]),
            "seller": _party(said["seller"]),
            "buyer": _party(said["buyer"]),
            "lines": tuple(PrintedLine(**line) for line in said["lines"]),
            "taxes": tuple(PrintedTax(**tax) for tax in said["taxes"]),
            "notes": tuple(said["notes"]),
            "parts": tuple(PrintedPart(**part) for part in said["parts"]),
            "transfer": Transfer(**said["transfer"]) if said["transfer"] else None,
        }
    )


def with_transfer(content: Content, transfer: Transfer, standard: CodeStandard | None) -> Content:
    """The same, and how to transfer the money; without a standard there is no picture."""
    return replace(content, transfer=transfer, code=standard or "")


def standard_of(content: Content) -> CodeStandard | None:
    """Which picture stands on it, if any."""
    return CodeStandard(content.code) if content.code and content.transfer else None


def _party(said: dict[str, Any]) -> Party:
    return Party(said["name"], tuple(said["lines"]))
