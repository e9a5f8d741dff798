import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.messages.kinds import Kind
from portal.messages.notes import unpacked
from portal.models.commerce import Order
from portal.models.documents import Invoice
from portal.models.messages import OutboxMessage
from portal.services import documents, ordering
from tests.factories import NOW, Household, Otterbrook
from tests.support.papers import content, issued, receive, refund, setting


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
