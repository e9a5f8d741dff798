from datetime import date

import pytest

from portal.documents import camt
from portal.documents.camt import BadEntry, NotAStatement
from portal.documents.csv_in import LIMIT, FileTooLarge
from portal.rules.bank_lines import BankEntry
from tests.support.statements import ACCOUNT, VERSIONS, Paid, batch
from tests.support.statements import camt as statement

EACH_VERSION = pytest.mark.parametrize("version", VERSIONS)


@EACH_VERSION
def test_what_came_in_is_read_in_every_version(version: str) -> None:
    paid = Paid(message="OT2031-2 Ballet & more", symbol="203102", bank_id="TB-1")

    assert camt.read(statement(paid, version=version)) == [
        BankEntry(
            line=1,
            booked_on=date(2026, 3, 11),
            amount_minor=6200,
            currency="EUR",
            account=ACCOUNT,
            payer_name="Nora Vale",
            payer_iban="SK6807200002891987426353",
            symbol="203102",
            message="OT2031-2 Ballet & more /VS203102/SS/KS",
            bank_id="TB-1",
        )
    ]


@EACH_VERSION
def test_what_went_out_is_pending_or_comes_back_is_left_out(version: str) -> None:
    entries = (
        Paid(direction="DBIT"),
        Paid(status="PDNG"),
        Paid(reversal=True),
        Paid(amount="1.00"),
    )
    found = camt.read(statement(*entries, version=version))
    assert [(one.line, one.amount_minor) for one in found] == [(4, 100)]


@EACH_VERSION
def test_a_batch_is_as_many_payments_as_people_paid(version: str) -> None:
    parts = (Paid("62.00", message="OT2031-2"), Paid("86.00", payer="Omar Stone", message="OT2060-1"))
    found = camt.read(batch(version, *parts, total="148.00"))

    assert [(one.amount_minor, one.payer_name, one.bank_id) for one in found] == [
        (6200, "Nora Vale", "B1/1"),
        (8600, "Omar Stone", "B1/2"),
    ]


def test_a_batch_that_does_not_add_up_is_one_payment_of_the_whole() -> None:
    found = camt.read(batch("04", Paid("62.00"), Paid("86.00"), total="150.00"))
    assert [(one.amount_minor, one.bank_id) for one in found] == [(15000, "B1")]


def test_a_reference_of_none_is_no_reference() -> None:
    found = camt.read(statement(Paid(bank_id="NOTPROVIDED")))[0]
    assert (found.bank_id, found.symbol, found.message) == ("", "", "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a", "not XML that can be read safely"),
        (b"<Document/>", "not a camt.053 statement"),
        (statement(version="09"), "version 09; versions 02 to 08"),
        (statement().replace(b"camt.053", b"camt.052"), "not a camt.053"),
    ],
)
def test_another_file_is_said_to_be_another_file(data: bytes, reason: str) -> None:
    with pytest.raises(NotAStatement) as refusal:
        camt.read(data)
    assert reason in str(refusal.value.values["reason"])


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://192.0.2.1/camt.dtd">',
        '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
    ids=["file", "address", "bomb"],
)
def test_a_document_type_is_refused_before_anything_is_fetched_or_unfolded(declared: str) -> None:
    head, _, rest = statement(Paid(message="&x;")).decode().partition("?>")
    hostile = f"{head}?>{declared}{rest.replace('&amp;x;', '&x;' if 'ENTITY x' in declared else '')}"
    with pytest.raises(NotAStatement):
        camt.read(hostile.encode())


@pytest.mark.parametrize("amount", ["-1.00", "1e999999999", "0.00", "1.005", "", "NaN", "9" * 40])
def test_an_amount_that_is_none_names_its_entry(amount: str) -> None:
    with pytest.raises(BadEntry) as refusal:
        camt.read(statement(Paid(), Paid(amount=amount)))
    assert refusal.value.values["line"] == 2


def test_an_entry_without_a_day_is_named() -> None:
    with pytest.raises(BadEntry):
        camt.read(statement(Paid(day="yesterday")))


def test_more_than_five_megabytes_are_not_read() -> None:
    with pytest.raises(FileTooLarge):
        camt.read(b"<" + b" " * LIMIT)
