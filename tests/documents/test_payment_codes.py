from dataclasses import replace
from datetime import date

import pay_by_square as another_encoder
import pytest

from portal.documents import payment_codes, qr
from portal.rules.transfers import CodeStandard, Transfer
from tests.support.qr_pictures import read_svg, unpacked

TRANSFER = Transfer(
    holder="Otterbrook Classes",
    iban="SK31 1200 0000 1987 4263 7541",
    bic="TATRSKBX",
    amount_minor=6200,
    currency="EUR",
    reference="OT2031-2",
    variable_symbol="203102",
    message="Ballet Foundations, Juno",
)


def scanned(standard: CodeStandard, transfer: Transfer = TRANSFER) -> str:
    return read_svg(qr.svg(payment_codes.code(standard, transfer)))


def test_the_euros_code_is_read_back_line_by_line() -> None:
    assert scanned(CodeStandard.EPC).splitlines() == [
        "BCD",
        "002",
        "1",
        "SCT",
        "TATRSKBX",
        "Otterbrook Classes",
        "SK3112000000198742637541",
        "EUR62",
        "",
        "",
        "OT2031-2 Ballet Foundations, Juno",
    ]


def test_the_czech_code_is_read_back_field_by_field() -> None:
    transfer = replace(TRANSFER, currency="CZK", amount_minor=152050, due_on=date(2026, 3, 20))

    kind, version, *fields = scanned(CodeStandard.SPAYD, transfer).split("*")

    assert (kind, version) == ("SPD", "1.0")
    assert dict(field.split(":", 1) for field in fields) == {
        "ACC": "SK3112000000198742637541+TATRSKBX",
        "AM": "1520.50",
        "CC": "CZK",
        "RN": "Otterbrook Classes",
        "DT": "20260320",
        "MSG": "OT2031-2 Ballet Foundations, Juno",
        "X-VS": "203102",
    }


def test_a_star_in_a_name_ends_no_field() -> None:
    transfer = replace(TRANSFER, holder="Star* & Co 100%")
    assert "*RN:Star%2A & Co 100%25*" in scanned(CodeStandard.SPAYD, transfer)


def test_the_slovak_code_is_read_back_field_by_field() -> None:
    assert unpacked(scanned(CodeStandard.PAY_BY_SQUARE)) == [
        *("", "1", "1", "62.00", "EUR", "", "203102", "", "", "", "OT2031-2 Ballet Foundations, Juno"),
        *("1", "SK3112000000198742637541", "TATRSKBX", "0", "0", "Otterbrook Classes", "", ""),
    ]


@pytest.mark.parametrize("holder", ["Otterbrook Classes", "Vydra o. z., Žilina", "A\tB"])
@pytest.mark.parametrize("amount", [1, 6200, 128000, 99999999])
def test_the_slovak_code_is_the_one_another_encoder_makes(holder: str, amount: int) -> None:
    day = date(2026, 3, 20)
    ours = payment_codes.pay_by_square(replace(TRANSFER, holder=holder, amount_minor=amount, due_on=day))
    theirs = another_encoder.generate(
        amount=amount / 100,
        iban="SK3112000000198742637541",
        swift="TATRSKBX",
        date=day,
        beneficiary_name=holder.replace("\t", " "),
        variable_symbol="203102",
        note="OT2031-2 Ballet Foundations, Juno",
    )
    assert ours == theirs


@pytest.mark.parametrize("standard", CodeStandard)
def test_long_names_are_cut_so_that_the_code_can_still_be_made(standard: CodeStandard) -> None:
    assert scanned(standard, replace(TRANSFER, holder="Ž" * 160, message="ř" * 300))
