"""The text inside a payment's QR code, as each country's banks have agreed on it.

PAY by square is written here from the Slovak Banking Association's public specification (1.1.0): no kept package
makes it (docs/decisions/payment-codes.md). SPAYD is written by `qrplatba`, EPC by `segno`.
"""

import base64
import lzma
import zlib
from decimal import Decimal
from typing import Any

import segno
from qrplatba.spayd import SpaydGenerator
from segno import helpers

from portal.money import plain
from portal.rules.transfers import CodeStandard, Transfer, compact

_LZMA: list[dict[str, Any]] = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 128 * 1024}]
_BASE32_HEX = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHIJKLMNOPQRSTUV")


def code(standard: CodeStandard, transfer: Transfer) -> Any:
    """The QR code of this transfer, as segno has it; medium error correction, as all three standards ask."""
    if standard is CodeStandard.EPC:
        return helpers.make_epc_qr(
            _cut(transfer.holder, 70),
            compact(transfer.iban),
            Decimal(plain(transfer.amount_minor, transfer.currency)),
            text=_cut(_said(transfer), 140),
            bic=transfer.bic or None,
            encoding="utf-8",
        )
    text = spayd(transfer) if standard is CodeStandard.SPAYD else pay_by_square(transfer)
    return segno.make_qr(text, error="m", boost_error=False)


def spayd(transfer: Transfer) -> str:
    """Czech: a Short Payment Descriptor, version 1.0."""
    return SpaydGenerator(
        compact(transfer.iban),
        bic=transfer.bic or None,
        amount=Decimal(plain(transfer.amount_minor, transfer.currency)),
        currency=transfer.currency,
        x_vs=transfer.variable_symbol or None,
        recipient_name=_starless(transfer.holder[:35]),
        due_date=transfer.due_on,
        message=_starless(_said(transfer)[:60]),
    ).get_text()


def pay_by_square(transfer: Transfer) -> str:
    """Slovak: fields between tabs with their checksum before them, LZMA, length before it, base 32."""
    fields = "\t".join(_one_line(field) for field in _fields(transfer)).encode()
    checked = zlib.crc32(fields).to_bytes(4, "little") + fields
    packed = lzma.compress(checked, format=lzma.FORMAT_RAW, filters=_LZMA)
    whole = b"\0\0" + len(checked).to_bytes(2, "little") + packed
    return base64.b32encode(whole).rstrip(b"=").translate(_BASE32_HEX).decode()


def _fields(transfer: Transfer) -> tuple[str, ...]:
    """One payment order to one account; neither a standing order nor a direct debit."""
    due = transfer.due_on.strftime("%Y%m%d") if transfer.due_on else ""
    amount = plain(transfer.amount_minor, transfer.currency)
    before = ("", "1", "1", amount, transfer.currency, due, transfer.variable_symbol, "", "", "")
    account = ("1", compact(transfer.iban), transfer.bic, "0", "0")
    return (*before, _said(transfer)[:140], *account, transfer.holder[:70], "", "")


def _said(transfer: Transfer) -> str:
    """The reference first: a bank that cuts the message leaves it."""
    return f"{transfer.reference} {transfer.message}".strip()


def _cut(text: str, size: int) -> str:
    """No more than so many bytes of UTF-8: EPC holds 331 in all, however many letters they are."""
    return text.encode()[:size].decode(errors="ignore")


def _one_line(field: str) -> str:
    return " ".join(field.split())


def _starless(value: str) -> str:
    """A star would end the field."""
    return _one_line(value).replace("%", "%25").replace("*", "%2A")
