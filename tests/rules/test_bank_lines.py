from dataclasses import replace
from datetime import date

import pytest

from portal.rules.bank_lines import BankEntry, Said, identities, known_by_bank, references, symbols

ENTRY = BankEntry(line=1, booked_on=date(2026, 3, 11), amount_minor=6200, currency="EUR", account="SK31")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("OT2031-2 Ballet", [Said("OT", 2031, 2)]),
        ("ot 2031 - 2", [Said("OT", 2031, 2)]),
        ("platba:OT2031/2.", [Said("OT", 2031, 2)]),
        ("OT20312", [Said("OT", 20312, None)]),
        ("Order OT-2031", [Said("OT", 2031, None)]),
        ("OTF41 for all", [Said("OTF", 41, None)]),
        ("OT2031-2, OT2060-1", [Said("OT", 2031, 2), Said("OT", 2060, 1)]),
        ("ballet for Juno", []),
    ],
)
def test_references_are_found_as_people_write_them(message: str, said: list[Said]) -> None:
    assert references(replace(ENTRY, message=message)) == said


@pytest.mark.parametrize(
    ("symbol", "message", "numbers"),
    [
        ("203102", "", {"203102"}),
        ("0000203102", "", {"203102"}),
        ("", "/VS0000203102/SS/KS", {"203102"}),
        ("", "VS: 203102", {"203102"}),
        ("", "call 203102", set()),
    ],
)
def test_symbols_count_only_where_they_are_said_to_be_symbols(
    symbol: str, message: str, numbers: set[str]
) -> None:
    assert symbols(replace(ENTRY, symbol=symbol, message=message)) == numbers


def test_the_same_line_is_known_again_and_its_twin_is_another() -> None:
    twins = [ENTRY, replace(ENTRY, line=9)]
    first, second = [identity for identity, _ in identities(twins)]
    assert first != second
    assert [identity for identity, _ in identities([replace(ENTRY, line=4), *twins])][:2] == [first, second]


def test_a_banks_own_name_is_enough_whatever_else_changes() -> None:
    named = replace(ENTRY, bank_id="TB-1")
    said_more = replace(named, message="now with a message", payer_name="Nora Vale")
    assert next(identities([named]))[0] == next(identities([said_more]))[0]
    assert next(identities([named]))[0] != next(identities([replace(named, amount_minor=1)]))[0]


@pytest.mark.parametrize("said", ["NOTPROVIDED", "not provided", "NONREF", ""])
def test_words_for_no_reference_are_none(said: str) -> None:
    assert known_by_bank(said) == ""
