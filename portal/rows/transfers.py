"""A bank transfer on the screen: what to scan, what to copy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CopyLine:
    """A detail of a bank transfer: shown as `value`, copied as `copied`, told as "IBAN copied"."""

    label: str = ""
    value: str = ""
    copied: str = ""
    action: str = ""
    said: str = ""


@dataclass(frozen=True)
class BankTransfer:
    """How to pay by bank transfer; without lines there is nothing to transfer, or no account to send it to.

    `title` says whether it is the only way to pay, another one, or one that was
    chosen already; `picture` is the QR code as SVG, empty where the country's banks read none; `label` is its sentence.
    """

    title: str = ""
    words: str = ""
    lines: tuple[CopyLine, ...] = ()
    picture: str = ""
    label: str = ""
