from dataclasses import replace
from datetime import datetime, tzinfo

import pytest

from portal.documents.content import Content, Party, PrintedLine, PrintedPart, PrintedTax, from_json, to_json
from portal.documents.invoice_pdf import pdf
from portal.rules.transfers import CodeStandard, Transfer
from tests.factories import NOW
from tests.support.pdfs import code_on, fonts_of, metadata_of, text_of
from tests.support.qr_pictures import unpacked

INVOICE = Content(
    title="Invoice",
    number="INV-2026-0012",
    language="en-GB",
    seller=Party(
        "Otterbrook Classes, o. z.", ("4 Quay Street, 811 01 Bratislava", "Company number 00 000 124")
    ),
    buyer=Party("Žofia Ďurišová", ("Mierové námestie 1, Łódź",)),
    facts=(("Issued", "12 March 2026"), ("Order", "OT-2031"), ("Due", "20 March 2026")),
    lines=(
        PrintedLine("Ballet Foundations", "Spring sessions, for Juno", "1", "€186.00", "23%", "€186.00"),
        PrintedLine("Sibling discount, 10%", total="−€18.60"),
    ),
    total_label="Total to pay",
    total="€167.40",
    taxes=(PrintedTax("23%", "€136.10", "€31.30", "€167.40"),),
    notes=("Prices include VAT.",),
    parts=(PrintedPart("Payment", "20 March 2026", "OT2031-1", "€167.40"),),
    transfer=Transfer(
        "Otterbrook Classes",
        "SK3112000000198742637541",
        "TATRSKBX",
        16740,
        "EUR",
        "OT2031-1",
        "203101",
        "Ballet",
    ),
    code=CodeStandard.PAY_BY_SQUARE,
    contact="hello@otterbrook.example",
)


class _TwoYearsLater(datetime):
    """The clock of whoever downloads it again."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_TwoYearsLater":
        return cls(2028, 3, 12, tzinfo=tz)


def test_every_word_of_the_content_can_be_read_from_the_file() -> None:
    found = text_of(pdf(INVOICE, NOW))

    for said in (
        *("Invoice", "INV-2026-0012", "Otterbrook Classes, o. z.", "Company number 00 000 124"),
        *("Žofia Ďurišová", "Mierové námestie 1, Łódź", "12 March 2026", "OT-2031", "20 March 2026"),
        *("Ballet Foundations", "Spring sessions, for Juno", "€186.00", "Sibling discount, 10%", "−€18.60"),
        *("Total to pay", "€167.40", "€136.10", "€31.30", "Prices include VAT.", "OT2031-1"),
        *("SK31 1200 0000 1987 4263 7541", "TATRSKBX", "203101", "hello@otterbrook.example", "Page 1"),
    ):
        assert said in found, said


def test_the_code_on_the_page_says_what_stands_beside_it() -> None:
    fields = unpacked(code_on(pdf(INVOICE, NOW)))
    assert [fields[at] for at in (3, 4, 6, 10, 12)] == [
        "167.40",
        "EUR",
        "203101",
        "OT2031-1 Ballet",
        "SK3112000000198742637541",
    ]


@pytest.mark.parametrize(
    "letters",
    ["ěščřžýáíéúůňťď ĚŠČŘŽ", "ľĺŕôäŤĽ", "łąęśźżćńó Ł", "őűÁÉŐŰ", "äöüßÄÖÜ", "àâçèêëîïœùŷÿ", "šđčćž"],
)
def test_letters_of_the_neighbours_are_printed(letters: str) -> None:
    body = pdf(replace(INVOICE, buyer=Party(letters)), NOW)
    assert letters in text_of(body)


def test_the_fonts_travel_with_the_file_and_it_keeps_the_standard_of_archives() -> None:
    body = pdf(INVOICE, NOW)

    fonts = fonts_of(body)
    assert (len(fonts), all(fonts.values()), all(name.startswith("Figtree") for name in fonts)) == (
        2,
        True,
        True,
    )
    said = metadata_of(body)
    assert "<pdfaid:part>2</pdfaid:part>" in said
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in said
    assert "Invoice INV-2026-0012" in said


def test_the_same_content_is_the_same_file_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pdf(INVOICE, NOW)
    monkeypatch.setattr("fpdf.output.datetime", _TwoYearsLater)

    assert pdf(from_json(to_json(INVOICE)), NOW) == first


def test_another_content_is_another_file() -> None:
    assert pdf(INVOICE, NOW) != pdf(replace(INVOICE, total="€167.41"), NOW)


@pytest.mark.parametrize("content", [INVOICE, replace(INVOICE, transfer=None, code="", parts=(), taxes=())])
def test_content_is_kept_word_for_word(content: Content) -> None:
    assert from_json(to_json(content)) == content


def test_a_long_order_goes_on_over_pages_and_loses_no_line() -> None:
    lines = tuple(PrintedLine(f"Thing {at}", "", "1", "€1.00", "23%", "€1.00") for at in range(90))
    found = text_of(pdf(replace(INVOICE, lines=lines), NOW))

    assert all(f"Thing {at}\n" in found or f"Thing {at} " in found for at in range(90))
    assert "Page 3" in found
