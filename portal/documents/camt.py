"""Reading bank statements in camt.053 (ISO 20022), versions 02 to 08: booked money that came in.

Elements are found by their local names: the versions differ in where a few of them stand, not in what they mean.
The parser takes no document type, so there are no entities to expand and no files to include.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from babel.numbers import get_currency_precision
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.documents.csv_in import LIMIT, FileTooLarge
from portal.errors import PortalError
from portal.rules.bank_lines import BankEntry, known_by_bank

VERSIONS = frozenset(f"{number:02d}" for number in range(2, 9))
_NAMESPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})\}Document")
_AMOUNT = re.compile(r"\d{1,13}(?:\.\d{1,5})?")


class NotAStatement(PortalError):
    """The file is no camt.053 statement that can be read."""

    message_key = "bank_statement.not_a_statement"


class BadEntry(PortalError):
    """An entry of the statement lacks what every entry has."""

    message_key = "bank_statement.bad_entry"


def looks_like_xml(data: bytes) -> bool:
    """Whether a file is meant for this reader rather than for the one of CSV."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read(data: bytes) -> list[BankEntry]:
    """Every booked payment that came in, numbered as it stands in the file, from 1."""
    if len(data) > LIMIT:
        raise FileTooLarge(limit="5 MB")
    return list(_entries(_parsed(data)))


def _parsed(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotAStatement(reason="It is not XML that can be read safely.") from error
    version = _NAMESPACE.fullmatch(root.tag)
    if version is None:
        raise NotAStatement(reason="It is XML, but not a camt.053 statement.")
    if version[1] not in VERSIONS:
        raise NotAStatement(reason=f"It is camt.053 version {version[1]}; versions 02 to 08 can be read.")
    return root


def _entries(root: Element) -> Iterator[BankEntry]:
    number = 0
    for statement in _all(root, "BkToCstmrStmt", "Stmt"):
        account = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
        for entry in _all(statement, "Ntry"):
            number += 1
            if _came_in(entry):
                yield from _of_entry(entry, number, account)


def _came_in(entry: Element) -> bool:
    """Credited and booked; what is pending may still not come, and a reversal gives back what we paid."""
    status = _text(entry, "Sts") or _text(entry, "Sts", "Cd") or "BOOK"
    reversal = _text(entry, "RvslInd") in ("true", "1")
    return _text(entry, "CdtDbtInd") == "CRDT" and status == "BOOK" and not reversal


def _of_entry(entry: Element, number: int, account: str) -> Iterator[BankEntry]:
    """One payment for each transaction of a batch; the whole entry where the batch does not say amounts."""
    day, total = _day(entry, number), _amount(_first(entry, "Amt"), number)
    parts = list(_all(entry, "NtryDtls", "TxDtls"))
    amounts = [_amount_of(part, number) for part in parts]
    if len(parts) > 1 and None not in amounts and sum(one[0] for one in amounts if one) == total[0]:
        for at, (part, amount) in enumerate(zip(parts, amounts, strict=True), start=1):
            yield _payment(entry, part, number, account, day, amount or total, f"/{at}")
    else:
        yield _payment(entry, parts[0] if len(parts) == 1 else None, number, account, day, total, "")


def _payment(
    entry: Element,
    part: Element | None,
    number: int,
    account: str,
    day: date,
    amount: tuple[int, str],
    which: str,
) -> BankEntry:
    own = known_by_bank(_text(part, "Refs", "AcctSvcrRef")) if part is not None else ""
    of_entry = known_by_bank(_text(entry, "AcctSvcrRef"))
    return BankEntry(
        line=number,
        booked_on=day,
        amount_minor=amount[0],
        currency=amount[1],
        account=account,
        payer_name=_payer(part)[:160],
        payer_iban=(_text(part, "RltdPties", "DbtrAcct", "Id", "IBAN") or _other_account(part))[:34],
        symbol=_symbol(part),
        message=_message(entry, part)[:500],
        bank_id=own or (f"{of_entry}{which}" if of_entry else ""),
    )


def _payer(part: Element | None) -> str:
    """Version 08 puts a party between the debtor and its name."""
    return _text(part, "RltdPties", "Dbtr", "Nm") or _text(part, "RltdPties", "Dbtr", "Pty", "Nm")


def _other_account(part: Element | None) -> str:
    return _text(part, "RltdPties", "DbtrAcct", "Id", "Othr", "Id")


def _symbol(part: Element | None) -> str:
    """Czech and Slovak banks write the variable symbol into a reference: "VS:203102", "/VS203102/SS/KS"."""
    said = (_text(part, "RmtInf", "Strd", "CdtrRefInf", "Ref"), _text(part, "Refs", "EndToEndId"))
    for one in said:
        found = re.search(r"(?:^|/)VS:?(\d{1,10})(?:/|$)", one) or re.fullmatch(r"(\d{1,10})", one)
        if found:
            return found[1].lstrip("0")
    return ""


def _message(entry: Element, part: Element | None) -> str:
    """All that the payer may have written, in one line."""
    if part is None:
        said = [one.text or "" for one in entry.iter() if _name(one) == "Ustrd"]
    else:
        said = [one.text or "" for one in _all(part, "RmtInf", "Ustrd")]
        said += [one.text or "" for one in _all(part, "RmtInf", "Strd", "CdtrRefInf", "Ref")]
        said += [known_by_bank(_text(part, "Refs", "EndToEndId")), _text(part, "AddtlTxInf")]
    said.append(_text(entry, "AddtlNtryInf"))
    return " ".join(" ".join(said).split())


def _amount_of(part: Element, number: int) -> tuple[int, str] | None:
    """Version 02 says it under the details of the amount, later ones at once."""
    found = _first(part, "Amt")
    if found is None:
        found = _first(part, "AmtDtls", "TxAmt", "Amt")
    return None if found is None else _amount(found, number)


def _amount(found: Element | None, number: int) -> tuple[int, str]:
    said = (found.text or "").strip() if found is not None else ""
    currency = found.get("Ccy", "") if found is not None else ""
    if not _AMOUNT.fullmatch(said) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadEntry(line=number, reason="There is no amount with a currency.")
    minor = Decimal(said).scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value() or minor <= 0:
        raise BadEntry(line=number, reason=f"{said} {currency} is not an amount of money.")
    return int(minor), currency


def _day(entry: Element, number: int) -> date:
    said = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm") or _text(entry, "ValDt", "Dt")
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise BadEntry(line=number, reason="There is no day on which it was booked.") from None


def _text(element: Element | None, *path: str) -> str:
    found = _first(element, *path) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def _first(element: Element, *path: str) -> Element | None:
    return next(_all(element, *path), None)


def _all(element: Element, *path: str) -> Iterator[Element]:
    """Elements at the end of a path of local names."""
    if not path:
        yield element
        return
    for child in element:
        if _name(child) == path[0]:
            yield from _all(child, *path[1:])


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
