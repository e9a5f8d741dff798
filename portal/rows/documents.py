"""Documents to download, as they stand on a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRow:
    """ "Invoice", "INV-2026-0012"; for a button "Invoice" or, of several receipts, "Receipt, 5 February"."""

    kind: str = ""
    number: str = ""
    button: str = ""
    href: str = ""
