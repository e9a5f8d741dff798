"""A numbered document as PDF, from its content alone: the same file whenever it is asked for."""

from datetime import datetime

from portal.documents import payment_codes
from portal.documents.content import Content, standard_of
from portal.documents.paper import SMALL, Paper
from portal.rules import transfers
from portal.rules.transfers import Transfer


def pdf(content: Content, issued_at: datetime) -> bytes:
    """Who, to whom, what, how much, and how to pay."""
    name = f"{content.title} {content.number}"
    paper = Paper(name, content.seller.name, content.language, issued_at, content.contact)
    paper.heading(content.title, content.number)
    paper.columns(
        ("From", content.seller.name, content.seller.lines), ("To", content.buyer.name, content.buyer.lines)
    )
    paper.facts(content.facts)
    _lines(paper, content)
    paper.total(content.total_label, content.total)
    if content.taxes:
        taxes = [(tax.rate, tax.base, tax.tax, tax.total) for tax in content.taxes]
        paper.rows(("VAT rate", "Without VAT", "VAT", "With VAT"), taxes, (40, 45, 45, 44), right=3)
    for note in content.notes:
        paper.words(note, SMALL, quiet=True)
    if content.parts:
        _payment(paper, content)
    return paper.to_bytes()


def _lines(paper: Paper, content: Content) -> None:
    """As many columns as the lines have something to say in."""
    several = [line for line in content.lines if line.price]
    if not several:
        lines = [(_named(line.label, line.note), line.total) for line in content.lines]
        paper.rows(("What", "Amount"), lines, (134, 40), right=1)
    elif content.taxes:
        full = [
            (_named(line.label, line.note), line.quantity, line.price, line.rate, line.total)
            for line in content.lines
        ]
        paper.rows(("What", "Quantity", "Price", "VAT", "Amount"), full, (78, 22, 28, 18, 28), right=4)
    else:
        plain = [
            (_named(line.label, line.note), line.quantity, line.price, line.total) for line in content.lines
        ]
        paper.rows(("What", "Quantity", "Price", "Amount"), plain, (92, 24, 28, 30), right=3)


def _named(label: str, note: str) -> str:
    return f"{label}\n{note}" if note else label


def _payment(paper: Paper, content: Content) -> None:
    """What is still to be paid and by when; with an account, how to transfer the first of it."""
    paper.room(62)
    paper.subheading("To pay")
    parts = [(part.label, part.due, part.reference, part.amount) for part in content.parts]
    paper.rows(("Payment", "Due", "Reference", "Amount"), parts, (40, 52, 48, 34), right=1)
    if content.transfer is not None:
        _transfer(paper, content, content.transfer)


def _transfer(paper: Paper, content: Content, transfer: Transfer) -> None:
    paper.room(52)
    paper.subheading("By bank transfer")
    left, top, standard = paper.l_margin, paper.get_y(), standard_of(content)
    if standard is not None:
        paper.code(payment_codes.code(standard, transfer), "QR code with the transfer details")
        paper.set_left_margin(left + 48)
        paper.set_y(top)
    lines = [
        ("Account holder", transfer.holder),
        ("IBAN", transfers.grouped(transfer.iban)),
        ("BIC", transfer.bic),
        ("Amount", content.parts[0].amount),
        ("Variable symbol", transfer.variable_symbol),
        ("Reference", transfer.reference),
    ]
    for label, value in lines:
        if value:
            paper.words(f"{label}: {value}")
    paper.set_left_margin(left)
