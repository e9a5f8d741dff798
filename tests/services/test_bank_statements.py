"""Statements brought in: what they pay, what waits, what is known already, and how a match is taken apart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.banking import BankLine
from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.models.commerce import Payment, PaymentEvent, PaymentEventKind, PaymentMethod, PaymentStatus
from portal.models.documents import Invoice
from portal.models.people import Family
from portal.services import (
    bank_matching,
    bank_statements,
    corrections,
    credit,
    ordering,
    payments_received,
    payments_returned,
    refunds,
)
from portal.services.bank_matching import NotMatched, NotWaiting
from portal.services.bank_statements import Report
from portal.services.corrections import AlreadyGivenBack
from portal.services.credit import Cause, NotEnoughCredit
from portal.services.refunds import Back
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.statements import VERSIONS, Paid, camt

LATER = TODAY + timedelta(days=30)


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Juno")


def bring_in(world: Otterbrook, *entries: Paid, version: str = "02", dry_run: bool = False) -> Report:
    statement = bank_statements.read(world.db, camt(*entries, version=version))
    return bank_statements.bring_in(world.db, SYSTEM, statement, "march.xml", NOW, dry_run=dry_run)


def bring_in_csv(world: Otterbrook, *rows: str) -> Report:
    head = "Date;Amount;Currency;Payer;Payer IBAN;VS;Message"
    statement = bank_statements.read(world.db, "\n".join([head, *rows]).encode())
    return bank_statements.bring_in(world.db, SYSTEM, statement, "march.csv", NOW)


def payment(world: Otterbrook, payment_id: int) -> Payment:
    world.db.flush()
    return world.db.get_one(Payment, payment_id, populate_existing=True)


def owed(world: Otterbrook, family: Household, amount: int = 6200, **details: object) -> Payment:
    return payment(world, world.order(family.family_id, amount, **details).payment_ids[0])  # type: ignore[arg-type]


def line(world: Otterbrook) -> BankLine:
    """The newest."""
    return world.db.execute(select(BankLine).order_by(col(BankLine.id).desc()).limit(1)).scalar_one()


def stands(world: Otterbrook, of: Payment) -> tuple[str, int]:
    found = payment(world, of.id or 0)
    return found.status, found.received_minor


def everything(world: Otterbrook) -> tuple[int, ...]:
    """How many rows there are in every ledger."""
    tables = (BankLine, PaymentEvent, CreditEntry, Invoice)
    return tuple(world.db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


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


def test_a_person_says_which_payment_a_line_is_for(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"))
    staff = world.staff()

    bank_matching.assign(world.db, staff, line(world).public_id, due.public_id, NOW)

    assert stands(world, due) == ("paid", 6200)
    assert (line(world).staff_id, line(world).family_id) == (staff.staff_id, vale.family_id)
    with pytest.raises(NotWaiting):
        bank_matching.assign(world.db, staff, line(world).public_id, due.public_id, NOW)


def test_a_person_says_whose_money_it_is_or_that_it_is_nobodys(world: Otterbrook, vale: Household) -> None:
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"), Paid("5.00", payer="Refund", iban="XX2"))
    first, second = world.db.execute(select(BankLine).order_by(col(BankLine.id))).scalars()
    family = world.db.get_one(Family, vale.family_id)
    bank_matching.assign_to_family(world.db, SYSTEM, first.public_id, family.public_id, NOW)
    bank_matching.put_aside(world.db, SYSTEM, second.public_id, "From the power company", NOW)

    assert credit.balance(world.db, vale.family_id) == 6200
    assert (first.status, second.status) == ("matched", "ignored")


def test_a_guardian_matches_nothing(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", payer="Grandmother", iban="XX1"))
    for act in (bank_matching.assign, bank_matching.assign_to_family):
        with pytest.raises(NotAllowed):
            act(world.db, vale.guardian, line(world).public_id, due.public_id, NOW)
    with pytest.raises(NotAllowed):
        bank_matching.unmatch(world.db, vale.guardian, line(world).public_id, NOW)
    with pytest.raises(NotFound):
        bank_matching.assign(world.db, SYSTEM, "notthere", due.public_id, NOW)


def test_a_match_is_taken_apart_by_correcting_rows_and_may_be_made_again(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("70.00", message=due.reference))
    assert credit.balance(world.db, vale.family_id) == 800

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("unpaid", 0)
    assert credit.balance(world.db, vale.family_id) == 0
    events = world.db.execute(select(PaymentEvent).order_by(col(PaymentEvent.id))).scalars().all()
    assert [(event.kind, event.amount_minor) for event in events] == [
        ("asked", 6200),
        ("received", 7000),
        ("corrected", -7000),
    ]
    with pytest.raises(NotMatched):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)
    bank_matching.assign(world.db, SYSTEM, line(world).public_id, due.public_id, NOW)
    assert stands(world, due) == ("paid", 6200)
    assert credit.balance(world.db, vale.family_id) == 800


def test_a_receipt_of_money_that_was_not_theirs_is_corrected_by_another(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference))
    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    receipts = select(Invoice).where(col(Invoice.kind) == "receipt").order_by(col(Invoice.id))
    first, second = world.db.execute(receipts).scalars()
    assert (second.total_minor, second.refers_to_id) == (-6200, first.id)


def test_a_payment_made_twice_is_still_paid_when_one_was_not_theirs(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference, day="2026-03-10"))
    bring_in(world, Paid("62.00", message=due.reference))
    assert credit.balance(world.db, vale.family_id) == 6200

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("paid", 6200)
    assert credit.balance(world.db, vale.family_id) == 0


def test_credit_that_was_used_cannot_be_taken_back(world: Otterbrook, vale: Household) -> None:
    bring_in(world, Paid("62.00", message=f"OTF{vale.family_id}"))
    cause = Cause("Used")
    credit.move(world.db, vale.family_id, CreditEntryKind.USED, -100, cause, NOW)

    with pytest.raises(NotEnoughCredit):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_money_that_was_refunded_cannot_be_taken_back(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    bring_in(world, Paid("62.00", message=due.reference))
    payments_returned.refund_to_credit(world.db, SYSTEM, due.id or 0, 1000, "Back", NOW)

    with pytest.raises(AlreadyGivenBack):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_money_for_what_is_paid_or_void_is_credit_and_can_be_taken_apart(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)
    due = payment(world, placed.payment_ids[0])
    bring_in(world, Paid("62.00", message=due.reference))
    assert (stands(world, due), credit.balance(world.db, vale.family_id)) == (("void", 0), 6200)

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)
    assert (stands(world, due), credit.balance(world.db, vale.family_id)) == (("void", 0), 0)


def test_what_is_taken_apart_of_a_cancelled_order_is_not_asked_for_again(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    due = payment(world, placed.payment_ids[0])
    bring_in(world, Paid("62.00", message=due.reference))
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)

    bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)

    assert stands(world, due) == ("void", 0)


def test_what_a_gateway_is_asked_to_give_back_is_not_taken_for_a_transfer(
    world: Otterbrook, vale: Household
) -> None:
    due = owed(world, vale)
    payments_received.receive(world.db, SYSTEM, due.id or 0, 3000, PaymentMethod.CARD, NOW)
    bring_in(world, Paid("32.00", message=due.reference))
    refunds.give_back(world.db, SYSTEM, due.id or 0, 6200, Back.PAYER, "Moved away", NOW)

    with pytest.raises(AlreadyGivenBack):
        bank_matching.unmatch(world.db, SYSTEM, line(world).public_id, NOW)


def test_only_the_provider_corrects(world: Otterbrook, vale: Household) -> None:
    due = owed(world, vale)
    payments_received.receive(world.db, SYSTEM, due.id or 0, 6200, PaymentMethod.CASH, NOW)
    came = select(PaymentEvent).where(col(PaymentEvent.kind) == PaymentEventKind.RECEIVED)
    with pytest.raises(NotAllowed):
        corrections.take_back(world.db, vale.guardian, world.db.execute(came).scalar_one(), NOW)
    assert stands(world, due) == (PaymentStatus.PAID, 6200)
