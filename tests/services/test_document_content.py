"""What documents say: who, what, how much, by when, and the tax in it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.documents.content import PrintedTax
from portal.models.commerce import ItemKind
from portal.models.documents import Invoice
from portal.services import documents, ordering, vouchers
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.vouchers import NewVoucher
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.papers import content, receive, refund, setting

ACCOUNT: dict[str, object] = {"iban": "SK3112000000198742637541", "bic": "TATRSKBX", "country": "SK"}


@pytest.fixture(autouse=True)
def _takes_transfers(world: Otterbrook) -> None:
    setting(world, **ACCOUNT)


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
