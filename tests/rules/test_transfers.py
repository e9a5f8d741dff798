import pytest

from portal.rules.transfers import (
    CodeStandard,
    code_standard,
    compact,
    family_reference,
    family_symbol,
    grouped,
    payment_symbol,
)


@pytest.mark.parametrize(
    ("country", "currency", "standard"),
    [
        ("SK", "EUR", CodeStandard.PAY_BY_SQUARE),
        ("CZ", "CZK", CodeStandard.SPAYD),
        ("DE", "EUR", CodeStandard.EPC),
        ("AT", "EUR", CodeStandard.EPC),
        ("GB", "GBP", None),
    ],
)
def test_each_country_reads_its_own_code(country: str, currency: str, standard: CodeStandard | None) -> None:
    assert code_standard(country, currency) is standard


@pytest.mark.parametrize(
    ("reference", "symbol"),
    [("OT2031-2", "203102"), ("OT203-12", "20312"), ("2031-1", "203101"), ("odd", ""), ("OT99999999-1", "")],
)
def test_a_payment_has_a_number_where_banks_ask_for_one(reference: str, symbol: str) -> None:
    assert payment_symbol(reference) == symbol


def test_no_two_payments_share_a_number() -> None:
    references = [f"OT{order}-{part}" for order in (20, 203, 2031, 20312) for part in (1, 2, 12, 31)]
    assert len({payment_symbol(reference) for reference in references}) == len(references)


def test_a_family_has_a_reference_that_no_payment_can_have() -> None:
    assert (family_reference("OT", 41), family_symbol(41)) == ("OTF41", "9000000041")
    assert len(family_symbol(41)) == 10


def test_an_account_is_grouped_for_people_and_bare_for_banks() -> None:
    assert grouped("sk3112000000198742637541") == "SK31 1200 0000 1987 4263 7541"
    assert compact("SK31 1200 0000 1987 4263 7541") == "SK3112000000198742637541"
