from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.documents import content as contents
from portal.documents.content import Content, PrintedTax
from portal.messages.kinds import Kind
from portal.messages.notes import unpacked
from portal.models.commerce import ItemKind, Order, PaymentMethod
from portal.models.documents import Invoice
from portal.models.messages import OutboxMessage
from portal.services import documents, ordering, payments_received, payments_returned, provider, vouchers
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed
from portal.services.vouchers import NewVoucher
from tests.factories import NOW, TODAY, Household, Otterbrook

ACCOUNT: dict[str, object] = {"iban": "SK3112000000198742637541", "bic": "TATRSKBX", "country": "SK"}


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session, settings=ACCOUNT)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila", "Juno")


def setting(world: Otterbrook, **changes: object) -> None:
    provider.save(world.db, SYSTEM, changes, NOW)


def issued(world: Otterbrook) -> list[tuple[str, str, int]]:
    """Kind, number and total of each document, in the order they were issued."""
    world.db.flush()
    rows = world.db.execute(select(Invoice).order_by(col(Invoice.id))).scalars()
    return [(row.kind, f"{row.series}-{row.serial}", row.total_minor) for row in rows]


def content(world: Otterbrook, kind: str) -> Content:
    """What the newest document of this kind says."""
    newest = select(Invoice).where(col(Invoice.kind) == kind).order_by(col(Invoice.id).desc()).limit(1)
    return contents.from_json(world.db.execute(newest).scalar_one().content)


def receive(world: Otterbrook, placed: Placed, amount: int, part: int = 1) -> None:
    payment_id = placed.payment_ids[part - 1]
    payments_received.receive(world.db, SYSTEM, payment_id, amount, PaymentMethod.CARD, NOW)


def refund(world: Otterbrook, placed: Placed, amount: int) -> None:
    payments_returned.refund_to_credit(world.db, SYSTEM, placed.payment_ids[0], amount, "Given back", NOW)


def test_an_order_has_its_invoice_money_its_receipt_and_a_refund_its_credit_note(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 6200)
    refund(world, placed, 2000)

    assert issued(world) == [
        ("invoice", "INV-2026-1", 6200),
        ("receipt", "REC-2026-1", 6200),
        ("credit_note", "CN-2026-1", -2000),
    ]


def test_a_provider_that_issues_no_invoices_has_none_of_it(world: Otterbrook, vale: Household) -> None:
    setting(world, invoices=False)
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 6200)
    refund(world, placed, 6200)

    assert issued(world) == []


def test_the_invoice_may_wait_for_the_first_money(world: Otterbrook, vale: Household) -> None:
    setting(world, invoice_when_paid=True)
    placed = world.order(vale.family_id, 6200)
    assert issued(world) == []

    receive(world, placed, 1000)
    receive(world, placed, 5200)

    assert [kind for kind, _, _ in issued(world)] == ["invoice", "receipt", "receipt"]


def test_money_for_an_order_that_was_cancelled_has_a_receipt_and_no_invoice(
    world: Otterbrook, vale: Household
) -> None:
    setting(world, invoice_when_paid=True)
    placed = world.order(vale.family_id, 6200)
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)

    receive(world, placed, 6200)

    assert [kind for kind, _, _ in issued(world)] == ["receipt"]


def test_what_costs_nothing_has_no_invoice(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 0)
    assert issued(world) == []


def test_an_invoice_says_who_what_how_much_and_by_when(world: Otterbrook, vale: Household) -> None:
    setting(
        world, legal_name="Otterbrook, o. z.", address="4 Quay Street\n811 01 Bratislava", company_id="124"
    )
    item = NewItem(ItemKind.GOODS, "Swim cap", 400, 2, "small", vale["Mila"])
    ordering.place(
        world.db,
        SYSTEM,
        NewOrder(vale.family_id, [item], [DueDate(TODAY, TODAY + timedelta(days=8))], vale.guardian_id),
        NOW,
    )

    said = content(world, "invoice")

    assert (said.title, said.number, said.language) == ("Invoice", "INV-2026-0001", "en-GB")
    assert said.seller.name == "Otterbrook, o. z."
    assert said.seller.lines == ("4 Quay Street", "811 01 Bratislava", "Company number 124")
    assert said.buyer.name == "Nora Vale"
    assert said.facts == (("Issued", "12 March 2026"), ("Order", "OT-2001"), ("Due", "20 March 2026"))
    line = said.lines[0]
    assert (line.label, line.note, line.quantity, line.price, line.total) == (
        "Swim cap",
        "Small, for Mila",
        "2",
        "€4.00",
        "€8.00",
    )
    assert (said.total_label, said.total, said.notes) == (
        "Total to pay",
        "€8.00",
        ("We are not registered for VAT.",),
    )


def test_an_unpaid_invoice_says_how_to_transfer_its_first_part(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 18600, due=(TODAY, TODAY + timedelta(days=30)))

    said = content(world, "invoice")

    assert [(part.label, part.reference, part.amount) for part in said.parts] == [
        ("1 of 2", "OT2001-1", "€93.00"),
        ("2 of 2", "OT2001-2", "€93.00"),
    ]
    assert said.transfer is not None
    assert (said.transfer.amount_minor, said.transfer.variable_symbol) == (9300, "200101")
    assert said.code == "pay_by_square"


def test_an_invoice_of_what_is_paid_asks_for_nothing(world: Otterbrook, vale: Household) -> None:
    setting(world, invoices=False)
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 6200)
    setting(world, invoices=True)
    documents.on_ordered(world.db, placed.order_id, NOW)

    said = content(world, "invoice")

    assert (said.total_label, said.parts, said.transfer) == ("Total", (), None)


def test_the_tax_in_a_price_is_shown_rate_by_rate_after_discounts(world: Otterbrook, vale: Household) -> None:
    setting(world, vat_id="SK2020123456")
    items = [
        NewItem(ItemKind.BOOKING, "Ballet", 12300, vat_basis_points=2300),
        NewItem(ItemKind.GOODS, "Book", 1050, vat_basis_points=500),
    ]
    placed = ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, items, [DueDate(TODAY, TODAY)]), NOW)

    assert content(world, "invoice").taxes == (
        PrintedTax("23%", "€100.00", "€23.00", "€123.00"),
        PrintedTax("5%", "€10.00", "€0.50", "€10.50"),
    )
    receive(world, placed, 13350)
    refund(world, placed, 13350)
    assert content(world, "credit_note").taxes == (
        PrintedTax("23%", "−€100.00", "−€23.00", "−€123.00"),
        PrintedTax("5%", "−€10.00", "−€0.50", "−€10.50"),
    )


def test_a_credit_note_names_its_invoice(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 6200)
    refund(world, placed, 6200)

    said = content(world, "credit_note")

    assert ("To invoice", "INV-2026-0001") in said.facts
    assert said.total == "−€62.00"
    first, last = world.db.execute(select(Invoice).order_by(col(Invoice.id))).scalars().all()[::2]
    assert last.refers_to_id == first.id


def test_credit_notes_never_take_back_more_than_the_invoice(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id, 6200)
    documents.on_void(world.db, placed.order_id, 5000, NOW)
    documents.on_void(world.db, placed.order_id, 5000, NOW)
    documents.on_void(world.db, placed.order_id, 5000, NOW)

    assert [total for kind, _, total in issued(world) if kind == "credit_note"] == [-5000, -1200]


def test_what_a_cancelled_order_no_longer_asks_for_is_credited(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 2000)
    ordering.cancel(world.db, SYSTEM, placed.order_id, NOW)
    refund(world, placed, 2000)

    assert [total for kind, _, total in issued(world) if kind == "credit_note"] == [-4200, -2000]
    assert content(world, "credit_note").lines[0].label == "Refund of Thing 1"


def test_a_family_is_told_of_invoices_and_credit_notes_once_each(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id, 6200)
    receive(world, placed, 6200)
    refund(world, placed, 6200)

    told = select(col(OutboxMessage.content)).where(col(OutboxMessage.kind) == Kind.DOCUMENT_READY)
    notes = [note for content in world.db.execute(told).scalars() for note in unpacked(content)]
    assert [note.values["what"] for note in notes] == ["Invoice INV-2026-0001", "Credit note CN-2026-0001"]
    assert [note.values["amount"] for note in notes] == ["€62.00", "−€62.00"]


def test_what_is_issued_is_never_changed(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 6200)
    row = world.db.execute(select(Invoice)).scalar_one()

    row.total_minor = 1
    with pytest.raises(TypeError, match="INV-2026-1 is issued"):
        world.db.flush()
    world.db.rollback()


def test_another_buyer_after_issue_means_a_credit_note_and_another_invoice(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id, 6200)
    world.db.get_one(Order, placed.order_id).buyer_name = "Quarry Works, s. r. o."
    documents.issue_again(world.db, placed.order_id, NOW)

    assert [(kind, total) for kind, _, total in issued(world)] == [
        ("invoice", 6200),
        ("credit_note", -6200),
        ("invoice", 6200),
    ]
    assert content(world, "credit_note").buyer.name == "Vale"
    assert content(world, "invoice").buyer.name == "Quarry Works, s. r. o."


def test_a_voucher_takes_no_tax_off_prepaid_credit(world: Otterbrook, vale: Household) -> None:
    setting(world, vat_id="SK2020123456")
    vouchers.give_out(world.db, SYSTEM, NewVoucher("SPRING", "Spring", TODAY, amount_minor=2460))
    items = [
        NewItem(ItemKind.CREDIT, "Prepaid credit", 12300),
        NewItem(ItemKind.BOOKING, "Ballet", 12300, vat_basis_points=2300),
    ]
    due = [DueDate(TODAY, TODAY)]
    ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, items, due, voucher_codes=("SPRING",)), NOW)

    assert content(world, "invoice").taxes == (
        PrintedTax("23%", "€80.00", "€18.40", "€98.40"),
        PrintedTax("0%", "€123.00", "€0.00", "€123.00"),
    )


def test_credit_notes_in_parts_take_back_the_tax_to_the_cent(world: Otterbrook, vale: Household) -> None:
    setting(world, vat_id="SK2020123456")
    item = NewItem(ItemKind.BOOKING, "Ballet", 100, vat_basis_points=2300)
    placed = ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, [item], [DueDate(TODAY, TODAY)]), NOW)
    assert content(world, "invoice").taxes == (PrintedTax("23%", "€0.81", "€0.19", "€1.00"),)
    receive(world, placed, 100)

    taxes = []
    for part in (33, 33, 34):
        refund(world, placed, part)
        taxes.append(content(world, "credit_note").taxes[0].tax)
    assert taxes == ["−€0.06", "−€0.07", "−€0.06"]
