"""Statements brought in: what they pay, what waits, what is known already, and how a match is taken apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.services import (
    credit,
)
from tests.factories import TODAY, Household, Otterbrook
from tests.support.bank_desk import bring_in, bring_in_csv, everything, line, owed, payment, stands
from tests.support.statements import VERSIONS, Paid

LATER = TODAY + timedelta(days=30)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_payment_is_found_by_its_reference_in_every_version(
    world: Otterbrook, vale: Household, version: str
) -> None:
    due = owed(world, vale)
    report = bring_in(world, Paid("62.00", message=f"{due.reference} Thing"), version=version)

    assert (report.new, report.matched, report.waiting) == (1, 1, ())
    assert stands(world, due) == ("paid", 6200)
    assert (line(world).confidence, line(world).reason) == (100, "Its reference.")


@pytest.mark.parametrize("said", ["ot2001-1", "OT 2001 - 1", "OT20011", "platba OT2001/1 dakujem"])
def test_a_reference_is_found_as_people_type_it(world: Otterbrook, vale: Household, said: str) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=said, payer="A bank", iban="XX1"))
    assert stands(world, due) == ("paid", 6200)


def test_a_variable_symbol_is_enough(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", symbol="200101", payer="", iban="XX1"))
    assert stands(world, due) == ("paid", 6200)


def test_an_order_number_pays_the_part_whose_amount_it_is_else_the_oldest(
    world: Otterbrook, vale: Household
) -> None:
    parts = world.order(vale.family_id, 10001, due=(TODAY, LATER)).payment_ids
    bring_in(world, Paid("50.00", message="order OT-2001", payer="", iban="XX1"))
    assert [stands(world, payment(world, one))[0] for one in parts] == ["unpaid", "paid"]

    bring_in(world, Paid("20.00", message="order OT-2001", payer="", iban="XX1"))
    assert stands(world, payment(world, parts[0])) == ("unpaid", 2000)


def test_a_part_stays_a_part_and_too_much_becomes_credit(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("20.00", message=due.reference))
    assert stands(world, due) == ("unpaid", 2000)

    bring_in(world, Paid("50.00", message=due.reference, day="2026-03-12"))
    assert stands(world, due) == ("paid", 6200)
    assert credit.balance(world.db, vale.family_id) == 800


def test_the_familys_own_reference_pays_what_is_due_oldest_first_and_keeps_the_rest_as_credit(
    world: Otterbrook, vale: Household
) -> None:
    newer = owed(world, vale, 8600)
    older = owed(world, vale, 6200, due=(TODAY - timedelta(days=6),))
    report = bring_in(world, Paid("150.00", message=f"OTF{vale.family_id}", payer="", iban="XX1"))

    assert report.matched == 1
    assert [stands(world, one)[0] for one in (older, newer)] == ["paid", "paid"]
    assert credit.balance(world.db, vale.family_id) == 200
    entry = world.db.execute(select(CreditEntry)).scalar_one()
    assert (entry.kind, entry.cause) == (CreditEntryKind.PREPAID, "Paid in advance by bank transfer")


def test_money_before_anything_is_due_becomes_visible_credit(world: Otterbrook, vale: Household) -> None:
    symbol = str(9_000_000_000 + vale.family_id)
    bring_in(world, Paid("100.00", symbol=symbol, payer="", iban="XX1"))
    assert credit.balance(world.db, vale.family_id) == 10000


def test_several_references_whose_sum_it_is_are_all_paid(world: Otterbrook, vale: Household) -> None:
    one, other = owed(world, vale, 6200), owed(world, vale, 8600)
    bring_in(world, Paid("148.00", message=f"{one.reference} {other.reference}"))
    assert [stands(world, due)[0] for due in (one, other)] == ["paid", "paid"]


def test_several_references_and_another_amount_wait(world: Otterbrook, vale: Household) -> None:
    one, other = owed(world, vale, 6200), owed(world, vale, 8600)
    report = bring_in(world, Paid("100.00", message=f"{one.reference} {other.reference}"))

    assert report.matched == 0
    assert report.waiting[0].reason == "Several payments are named, and the amount is of none of them."


@pytest.mark.parametrize("name", ["Nora Vale", "VALE NORA", "Vale, Nóra"])
def test_without_a_reference_the_payers_name_and_the_amount_of_one_payment_are_enough(
    world: Otterbrook, vale: Household, name: str
) -> None:
    due = owed(world, vale)
    owed(world, vale, 8600)
    owed(world, world.family("Stone"), 6200)
    bring_in(world, Paid("62.00", payer=name, iban="XX1"))

    assert stands(world, due) == ("paid", 6200)
    assert line(world).confidence == 80


def test_an_account_they_paid_from_before_is_surer_than_a_name(world: Otterbrook, vale: Household) -> None:
    first = owed(world, vale)
    bring_in(world, Paid("62.00", message=first.reference, payer="Grandmother"))
    second = owed(world, vale, 8600)
    bring_in(world, Paid("86.00", payer="Grandmother", day="2026-03-12"))

    assert stands(world, second) == ("paid", 8600)
    assert line(world).confidence == 88


def test_two_payments_of_the_same_amount_wait_for_a_person(world: Otterbrook, vale: Household) -> None:
    owed(world, vale)
    owed(world, vale)
    report = bring_in(world, Paid("62.00"))
    assert report.waiting[0].reason == "Several open payments have this amount."


def test_the_amount_alone_is_never_enough(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    report = bring_in(world, Paid("62.00", payer="Somebody Else", iban="XX1"))

    assert report.waiting[0].reason == "Only the amount fits, of one payment."
    assert stands(world, due) == ("unpaid", 0)


def test_two_parents_of_one_name_wait(world: Otterbrook, vale: Household) -> None:
    namesake = world.family("Vale")
    owed(world, vale)
    owed(world, namesake)
    assert bring_in(world, Paid("62.00", iban="XX1")).matched == 0


def test_money_in_another_currency_waits(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    report = bring_in(world, Paid("62.00", message=due.reference, currency="CZK"))
    assert report.waiting[0].reason == "It is in CZK, and payments are in EUR."


def test_the_same_statement_twice_changes_nothing(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    entries = (Paid("62.00", message=due.reference), Paid("9.00", payer="Nobody", iban="XX1", bank_id="7"))
    bring_in(world, *entries)
    before = everything(world)

    report = bring_in(world, *entries)

    assert (report.new, report.known) == (0, 2)
    assert everything(world) == before


def test_of_a_statement_that_overlaps_only_what_is_new_is_added(world: Otterbrook, vale: Household) -> None:
    one, other = owed(world, vale, 6200), owed(world, vale, 8600)
    first = Paid("62.00", message=one.reference, day="2026-03-10")
    bring_in(world, first)

    report = bring_in(world, first, Paid("86.00", message=other.reference))

    assert (report.new, report.known) == (1, 1)
    assert [stands(world, due) for due in (one, other)] == [("paid", 6200), ("paid", 8600)]


def test_two_equal_payments_of_one_day_are_two(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale, 4000)
    twin = Paid("20.00", message=due.reference)
    bring_in(world, twin, twin)
    assert stands(world, due) == ("paid", 4000)

    assert bring_in(world, twin, twin).known == 2


def test_the_same_money_in_a_statement_of_the_other_kind_waits(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    paid = Paid("62.00", message=due.reference)
    bring_in(world, paid)

    report = bring_in_csv(world, f"2026-03-11;62,00;EUR;Nora Vale;{paid.iban};;{due.reference}")

    assert report.matched == 0
    assert report.waiting[0].reason.startswith(
        "The same day and amount came in a statement of the other kind"
    )
    assert credit.balance(world.db, vale.family_id) == 0


def test_a_csv_is_matched_as_camt_is(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    report = bring_in_csv(world, "2026-03-11;62,00;EUR;;;200101;", "2026-03-11;-5,00;EUR;Power;;;")
    assert (report.new, report.matched) == (1, 1)
    assert stands(world, due) == ("paid", 6200)


def test_one_bad_line_and_nothing_is_taken(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    report = bring_in_csv(world, "2026-03-11;62,00;EUR;;;200101;", "yesterday;62,00;EUR;;;;")

    assert report.errors == ((3, "“yesterday” is not a date."),)
    assert stands(world, due) == ("unpaid", 0)
    assert everything(world)[0] == 0


def test_a_dry_run_says_the_same_and_changes_nothing(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    paid = Paid("62.00", message=due.reference)
    before = everything(world)

    said = bring_in(world, paid, dry_run=True)

    assert everything(world) == before
    world.db.expire_all()
    assert stands(world, due) == ("unpaid", 0)
    assert said == bring_in(world, paid)
