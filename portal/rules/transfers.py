"""What a bank transfer says so that the money finds its payment, and which picture a country's banks read."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FAMILY_SYMBOLS_FROM = 9_000_000_000
"""Variable symbols have ten digits at most; those of payments stay far below."""
_OF_PAYMENT = re.compile(r"[A-Z]*(\d+)-(\d{1,2})")


class CodeStandard(StrEnum):
    """How a country's banking apps read a transfer from a picture."""

    EPC = "epc"
    SPAYD = "spayd"
    PAY_BY_SQUARE = "pay_by_square"


@dataclass(frozen=True)
class Transfer:
    """Everything a bank's form asks for. `amount_minor` in minor units of `currency`."""

    holder: str
    iban: str
    bic: str
    amount_minor: int
    currency: str
    reference: str
    variable_symbol: str
    message: str
    due_on: date | None = None


def code_standard(country: str, currency: str) -> CodeStandard | None:
    """The country's own standard, else the euro's; None where banking apps have none for this currency."""
    own = {"CZ": CodeStandard.SPAYD, "SK": CodeStandard.PAY_BY_SQUARE}.get(country)
    return own or (CodeStandard.EPC if currency == "EUR" else None)


def has_variable_symbols(country: str) -> bool:
    """Whether the country's banks ask for a number beside the message."""
    return country in ("CZ", "SK")


def payment_symbol(reference: str) -> str:
    """ "OT2031-2" as "203102": the order's number and two digits for the part; empty when it cannot be told so."""
    found = _OF_PAYMENT.fullmatch(reference)
    symbol = f"{found[1]}{int(found[2]):02d}" if found else ""
    return symbol if symbol and int(symbol) < FAMILY_SYMBOLS_FROM else ""


def family_reference(prefix: str, family_id: int) -> str:
    """One reference for whatever the family owes: "OTF41". No order has a letter there."""
    return f"{prefix}F{family_id}"


def family_symbol(family_id: int) -> str:
    """The same as ten digits, beginning with 9."""
    return str(FAMILY_SYMBOLS_FROM + family_id)


def grouped(iban: str) -> str:
    """As people read it: "SK31 1200 0000 1987 4263 7541"."""
    bare = compact(iban)
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def compact(iban: str) -> str:
    """Without spaces, in capitals: as computers compare it."""
    return "".join(iban.split()).upper()
