from datetime import date

import pytest

from portal.documents import bank_csv, csv_in
from portal.documents.bank_csv import BadLine, MissingColumns, is_known, minor
from portal.rules.bank_lines import BankEntry

SLOVAK = (
    "Výpis z účtu;SK3112000000198742637541\nObdobie;1.3.2026 - 12.3.2026\n\n"
    "Dátum zaúčtovania;Suma;Mena;Názov protiúčtu;Protiúčet;VS;Správa pre príjemcu;ID pohybu\n"
    "11.03.2026;62,00;EUR;Nora Valeová;SK68 0720 0002 8919 8742 6353;0000203102;OT2031-2;991\n"
    "11.03.2026;-15,50;EUR;Energie;SK00;;;992\n"
)
GERMAN = (
    "Buchungstag,Betrag,Währung,Auftraggeber/Empfänger,IBAN,Verwendungszweck\n"
    '11.03.26,"1.234,56",EUR,Vale,DE89370400440532013000,OT2031-2\n'
)


def found(
    text: str, encoding: str = "utf-8", *, month_first: bool = False
) -> list[BankEntry | BadLine | None]:
    sheet = csv_in.read(text.encode(encoding), is_known, least=2)
    return [entry for _, entry in bank_csv.entries(sheet, "EUR", month_first=month_first)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_a_slovak_banks_sheet_is_read_below_what_it_says_about_the_account(encoding: str) -> None:
    assert found(SLOVAK, encoding) == [
        BankEntry(
            line=5,
            booked_on=date(2026, 3, 11),
            amount_minor=6200,
            currency="EUR",
            payer_name="Nora Valeová",
            payer_iban="SK6807200002891987426353",
            symbol="203102",
            message="OT2031-2",
            bank_id="991",
        ),
        None,
    ]


def test_a_line_that_cannot_be_read_says_why() -> None:
    (bad,) = found(GERMAN)
    assert str(bad) == "“11.03.26” is not a date."


def test_a_sheet_without_amounts_says_what_is_missing() -> None:
    with pytest.raises(MissingColumns) as refusal:
        found("Date,Message\n2026-03-11,Ballet\n")
    assert refusal.value.values["columns"] == "amount"


def test_slashes_are_read_in_the_providers_order() -> None:
    sheet = "Date,Amount\n3/4/2026,62.00\n"
    assert found(sheet)[0].booked_on == date(2026, 4, 3)  # type: ignore[union-attr]
    assert found(sheet, month_first=True)[0].booked_on == date(2026, 3, 4)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        *(("62.00", 6200), ("62,00", 6200), ("+62", 6200), ("62,5", 6250), ("1 234,56", 123456)),
        *(("1.234,56", 123456), ("1,234.56", 123456), ("1,234", 123400), ("12.345", 1234500)),
        *(("−62,00", -6200), ("-62.00", -6200), ("62.00 EUR", 6200), ("€62.00", 6200), ("1'234.50", 123450)),
        ("1\N{NO-BREAK SPACE}234,50", 123450),
    ],
)
def test_amounts_are_read_as_people_write_them(said: str, amount: int) -> None:
    assert minor(said, "EUR") == amount


@pytest.mark.parametrize("said", ["", "ten", "1,2,3", "1e9", "--1", "9" * 30])
def test_what_is_no_amount_is_refused(said: str) -> None:
    with pytest.raises(BadLine):
        minor(said, "EUR")
