from collections.abc import Iterator

import pytest
from sqlmodel import Session

from portal import db, i18n
from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.models.commerce import Order, PaymentMethod
from portal.rows.orders import OpenedOrder
from portal.rules.buyers import Buyer
from portal.rules.conditions import Unmet
from portal.services import buyers, documents, orders, payments_received, provider
from portal.services.ordering import Placed
from tests.factories import NOW, Household, Otterbrook

EMPLOYER = Buyer(" Quarry Works, s. r. o. ", "1 Stone Road,\n Bratislava ", "124", "SK2020123456")


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    """Invoices are issued with the first money, so that there is a time before."""
    with db.unit_of_work() as session:
        yield Otterbrook(session, settings={"invoice_when_paid": True})


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale")


def public_id(session: Session, placed: Placed) -> str:
    return session.get_one(Order, placed.order_id).public_id


def shown(world: Otterbrook, vale: Household, placed: Placed) -> OpenedOrder:
    world.db.info.clear()
    asked = {"order_id": public_id(world.db, placed)}
    return orders.read(world.db, vale.guardian, NOW, asked).opened


def test_a_family_names_another_buyer_and_the_invoice_is_to_them(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id)
    assert shown(world, vale, placed).switch_buyer == public_id(world.db, placed)

    said = buyers.switch(world.db, vale.guardian, public_id(world.db, placed), EMPLOYER, NOW)

    assert said == "The invoice will be to Quarry Works, s. r. o."
    payments_received.receive(world.db, SYSTEM, placed.payment_ids[0], 6200, PaymentMethod.CARD, NOW)
    invoice = documents.invoice_of(world.db, placed.order_id)
    assert invoice is not None
    for words in ("Quarry Works, s. r. o.", "1 Stone Road", "Company number 124", "VAT number SK2020123456"):
        assert words in invoice.content


def test_after_the_invoice_has_its_number_the_buyer_stays_and_the_page_says_why(
    world: Otterbrook, vale: Household
) -> None:
    placed = world.order(vale.family_id)
    documents.issue_again(world.db, placed.order_id, NOW)
    words = i18n.say("buyer.invoiced")

    page = shown(world, vale, placed)
    assert (page.switch_buyer, page.buyer_note) == ("", words)
    for act in (
        lambda: buyers.switch(world.db, vale.guardian, public_id(world.db, placed), EMPLOYER, NOW),
        lambda: buyers.sheet(world.db, vale.guardian, public_id(world.db, placed), NOW),
    ):
        with pytest.raises(Unmet) as refusal:
            act()
        assert refusal.value.message_key == "buyer.invoiced"


def test_an_invoice_is_to_somebody(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id)
    with pytest.raises(Unmet) as refusal:
        buyers.switch(world.db, vale.guardian, public_id(world.db, placed), Buyer(" \t "), NOW)
    assert refusal.value.message_key == "buyer.no_name"


def test_another_familys_order_is_not_found(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id)
    stone = world.family("Stone")
    with pytest.raises(NotFound):
        buyers.sheet(world.db, stone.guardian, public_id(world.db, placed), NOW)
    with pytest.raises(NotFound):
        buyers.switch(world.db, stone.guardian, public_id(world.db, placed), EMPLOYER, NOW)


def test_without_invoices_there_is_no_buyer_to_change(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id)
    provider.save(world.db, SYSTEM, {"invoices": False}, NOW)

    page = shown(world, vale, placed)
    assert (page.switch_buyer, page.buyer_note, page.documents) == ("", "", ())
    with pytest.raises(NotFound):
        buyers.sheet(world.db, vale.guardian, public_id(world.db, placed), NOW)


def test_the_sheet_shows_what_stands_there_now(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id)
    buyers.switch(world.db, vale.guardian, public_id(world.db, placed), EMPLOYER, NOW)

    found = buyers.sheet(world.db, vale.guardian, public_id(world.db, placed), NOW)

    assert (found.name, found.address) == ("Quarry Works, s. r. o.", "1 Stone Road, Bratislava")
