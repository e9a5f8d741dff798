"""A line of a bank statement: what it says, which references stand in it, and how it is known again."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_REFERENCE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,6})[ -]?(\d{1,9})(?: ?[-/] ?(\d{1,2}))?(?![A-Z0-9])")
_SYMBOL = re.compile(r"(?<![A-Z0-9])/?VS:? ?0*(\d{1,10})(?!\d)")
_NOTHING_SAID = frozenset({"", "NOTPROVIDED", "NOTAVAILABLE", "NONREF", "NOREF"})


@dataclass(frozen=True)
class BankEntry:
    """Money that came in. `line` is where it stands in the file; `bank_id` is what the bank calls it, if anything."""

    line: int
    booked_on: date
    amount_minor: int
    currency: str
    account: str = ""
    payer_name: str = ""
    payer_iban: str = ""
    symbol: str = ""
    message: str = ""
    bank_id: str = ""


@dataclass(frozen=True)
class Said:
    """A reference as somebody wrote it: letters, number, and the part behind it where there is one."""

    letters: str
    number: int
    part: int | None


def references(entry: BankEntry) -> list[Said]:
    """Everything in the message that looks like one of ours, whatever the spaces, dashes and case."""
    text = plain(entry.message)
    return [
        Said(letters, int(number), int(part) if part else None)
        for letters, number, part in _REFERENCE.findall(text)
    ]


def symbols(entry: BankEntry) -> set[str]:
    """Variable symbols: in their own field, or marked VS in the message; without zeros before them."""
    own = entry.symbol.strip().lstrip("0")
    return {*([own] if own.isdigit() else []), *_SYMBOL.findall(plain(entry.message))}


def plain(text: str) -> str:
    """Capitals without accents, every run of other signs than letters, digits, dash, slash and colon a space."""
    bare = unicodedata.normalize("NFKD", text.upper())
    return re.sub(r"[^A-Z0-9/:-]+", " ", "".join(one for one in bare if not unicodedata.combining(one)))


def known_by_bank(bank_id: str) -> str:
    """The bank's own name for it; empty for the words banks write when they have none."""
    return "" if bank_id.replace(" ", "").upper() in _NOTHING_SAID else bank_id.strip()


def identities(entries: Iterable[BankEntry]) -> Iterator[tuple[str, BankEntry]]:
    """Each entry with what it is known by in any statement that has it.

    Where the bank names it, by that name with its day and amount. Else by all it says, and by which of those that
    say the same it is: two equal lines of one day are two payments, and stay two in a statement that overlaps.
    """
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.bank_id:
            yield _hash("bank", entry.bank_id, *_core(entry)), entry
            continue
        said = _hash("said", *_core(entry), entry.payer_iban, entry.payer_name, entry.symbol, entry.message)
        seen[said] = seen.get(said, 0) + 1
        yield _hash(said, str(seen[said])), entry


def _core(entry: BankEntry) -> tuple[str, ...]:
    return (entry.account, entry.booked_on.isoformat(), str(entry.amount_minor), entry.currency)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
