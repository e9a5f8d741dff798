"""Reading bank statements in CSV: the columns that banks in these countries write, in their languages."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from babel.numbers import get_currency_precision

from portal.documents import csv_in
from portal.documents.csv_in import Line
from portal.errors import PortalError
from portal.rules.bank_lines import BankEntry
from portal.rules.days import as_date
from portal.rules.transfers import compact

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("booked on", "booking date", "date", "posting date", "buchungstag", "buchungsdatum", "datum"),
        *("datum zauctovania", "datum zauctovani", "datum uctovania", "datum uctovani", "datum pohybu"),
        *("datum provedeni", "datum transakcie", "data ksiegowania", "data operacji"),
    ),
    "amount": (
        *("amount", "betrag", "suma", "ciastka", "castka", "objem", "kwota", "umsatz", "transaction amount"),
        *("suma v mene uctu", "castka v mene uctu", "suma transakcie"),
    ),
    "currency": ("currency", "mena", "waehrung", "wahrung", "waluta", "mena uctu"),
    "payer": (
        *(
            "payer",
            "payer name",
            "counterparty",
            "counterparty name",
            "name",
            "partner name",
            "nazov protiuctu",
        ),
        *("nazev protiuctu", "nazov protistrany", "nazev protistrany", "protistrana", "majitel protiuctu"),
        *(
            "beguenstigter zahlungspflichtiger",
            "auftraggeber empfaenger",
            "name zahlungsbeteiligter",
            "nadawca",
        ),
    ),
    "account": (
        *("payer account", "payer iban", "counterparty account", "counterparty iban", "iban", "protiucet"),
        *("cislo protiuctu", "iban protiuctu", "ucet protistrany", "kontonummer iban", "partner iban"),
        *("iban zahlungsbeteiligter", "ucet odosielatela"),
    ),
    "symbol": ("variable symbol", "vs", "variabilny symbol", "variabilni symbol"),
    "message": (
        *("message", "details", "description", "purpose", "payment reference", "verwendungszweck", "tytul"),
        *("sprava pre prijemcu", "zprava pro prijemce", "informacia pre prijemcu", "popis", "poznamka"),
        *("ucel platby", "referencia platitela", "buchungstext"),
    ),
    "bank id": (
        *(
            "transaction id",
            "bank reference",
            "id",
            "id pohybu",
            "id operacie",
            "id operace",
            "id transakcie",
        ),
        *("id transakce", "referencia banky", "cislo transakcie", "transaktionsnummer"),
    ),
}
NAMED = {name: kind for kind, names in COLUMNS.items() for name in names}
"""A column's kind by its name, without accents, case and signs. The first column of a kind is the one."""
NEEDED = {"day": "date", "amount": "amount"}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[.,]?\d{3})*|\d+)(?:[.,](\d{1,2}))?")
LONGEST = 18


class MissingColumns(PortalError):
    """The sheet lacks columns without which no payment can be read."""

    message_key = "bank_statement.missing_columns"


class BadLine(Exception):
    """Why a line cannot be read, as a sentence for the person who has the file."""


def is_known(said: str) -> bool:
    """The import reads a column of this name."""
    return _bare(said) in NAMED


def entries(
    sheet: csv_in.Sheet, currency: str, *, month_first: bool
) -> Iterator[tuple[Line, BankEntry | BadLine | None]]:
    """Each line with the money that came in, None for what went out, or why it cannot be read."""
    columns = _columns(sheet.columns)
    missing = [name for kind, name in NEEDED.items() if kind not in columns]
    if missing:
        raise MissingColumns(columns=", ".join(missing))
    for line in sheet.lines:
        try:
            yield line, _entry(line, columns, currency, month_first=month_first)
        except BadLine as bad:
            yield line, bad


def minor(said: str, currency: str) -> int:
    """ "1 234,56", "1,234.56", "+62.00 EUR" in minor units. What stands before three digits groups thousands."""
    bare = re.sub(r"[\s\u00a0\u202f']", "", said).replace("\N{MINUS SIGN}", "-")
    found = _NUMBER.fullmatch(re.sub(r"(?i)^(eur|czk|[€$])|(eur|czk|kč|[€$])$", "", bare))
    digits = get_currency_precision(currency)
    if found is None or len(bare) > LONGEST or len((found[3] or "").rstrip("0")) > digits:
        raise BadLine(f"“{said}” is not an amount.")
    value = int(re.sub(r"[.,]", "", found[2]) + (found[3] or "").ljust(digits, "0")[:digits])
    return -value if found[1] == "-" else value


def _entry(
    line: Line, columns: Mapping[str, str], own_currency: str, *, month_first: bool
) -> BankEntry | None:
    said = {kind: line.cells.get(name, "").strip() for kind, name in columns.items()}
    currency = said.get("currency", "").upper() or own_currency
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadLine(f"“{currency}” is not a currency.")
    day = _day(said["day"], month_first=month_first)
    amount = minor(said["amount"], currency)
    if amount <= 0:
        return None
    return BankEntry(
        line=line.number,
        booked_on=day,
        amount_minor=amount,
        currency=currency,
        payer_name=said.get("payer", "")[:160],
        payer_iban=compact(said.get("account", ""))[:34],
        symbol=re.sub(r"\D", "", said.get("symbol", "")).lstrip("0")[:10],
        message=" ".join(said.get("message", "").split())[:500],
        bank_id=said.get("bank id", ""),
    )


def _day(said: str, *, month_first: bool) -> date:
    found = as_date(re.sub(r"[ T]\d{1,2}:\d{2}.*", "", said), month_first=month_first)
    if found is None:
        raise BadLine(f"“{said}” is not a date.")
    return found


def _columns(names: tuple[str, ...]) -> dict[str, str]:
    """Where each kind stands: a kind's names are tried in their order."""
    by_bare = {_bare(name): name for name in reversed(names)}
    found = {}
    for kind, known in COLUMNS.items():
        name = next((by_bare[one] for one in known if one in by_bare), None)
        if name is not None:
            found[kind] = name
    return found


def _bare(said: str) -> str:
    letters = unicodedata.normalize("NFKD", said.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one)).replace("ł", "l")
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()
