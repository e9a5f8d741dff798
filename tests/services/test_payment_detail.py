"""One payment in full: what to do, how to transfer it, what happened to it."""

import pytest

from portal.actor import SYSTEM
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import Payment, PaymentMethod, PaymentStatus
from portal.services import credit, payments_received, provider, refunds
from portal.services.credit import Cause
from portal.services.refunds import Back
from tests.factories import NOW
from tests.support.buying import Shop
from tests.support.seeing import ballet, look, opened


def test_money_above_the_amount_is_told_as_credit(shop: Shop) -> None:
    placed = shop.buys("Little Waves 2", 12800)
    shop.pays(placed, 13000)

    facts_told = {fact.label: fact.value for fact in opened(shop, placed).facts}

    assert facts_told["Paid too much"] == "€2.00, now your credit"


def test_what_credit_paid_is_told_apart(shop: Shop) -> None:
    house, family = shop.house, shop.family
    placed = shop.buys("Spanish Starters", 10800, member="Theo")
    credit.move(house.db, family.family_id, CreditEntryKind.PREPAID, 2400, Cause("Prepaid"), NOW)
    payments_received.use_credit(
        house.db, family.guardian, placed.payment_ids[0], 2400, "Used for Spanish Starters", NOW
    )
    shop.pays(placed, 8400)

    item = opened(shop, placed)

    assert item.amount == "€84.00"
    assert {fact.label: fact.value for fact in item.facts}["How"] == "€84.00 by card, €24.00 with your credit"


def test_a_free_payment_is_not_asked_for(shop: Shop) -> None:
    shop.buys("Welcome lesson", 0)

    view = look(shop)

    assert not view.to_pay
    assert view.opened.words == "There was nothing to pay."


def test_the_opened_payment_says_when_it_was_due_and_how_long_the_place_is_kept(shop: Shop) -> None:
    item = opened(shop, ballet(shop), part=2)

    assert (item.title, item.about, item.amount) == (
        "Ballet Foundations",
        "Juno, instalment 2 of 3",
        "€62.00",
    )
    assert item.words == "It was due on Friday 6 March. Juno keeps the place; please pay by 20 March."


def test_after_the_grace_no_place_is_promised(shop: Shop) -> None:
    provider.save(shop.house.db, SYSTEM, {"overdue_grace_days": 5}, NOW)

    item = opened(shop, ballet(shop), part=2)

    assert item.words == "It was due on Friday 6 March. Please pay it now, or tell us if you already have."


def test_the_strip_of_instalments_is_also_a_sentence(shop: Shop) -> None:
    strip = opened(shop, ballet(shop), part=3).strip

    assert strip.ticks == ("did", "next", "")
    assert strip.label == "Instalment 1 paid, instalment 2 due now, instalment 3 due on 6 April"
    assert strip.caption == "1 of 3 instalments paid"


def test_the_bank_details_are_what_a_bank_asks_for(shop: Shop) -> None:
    placed = shop.buys("Little Waves 2", 128000)

    lines = [(line.label, line.value, line.copied) for line in opened(shop, placed).transfer.lines]

    assert lines == [
        ("Account holder", "Otterbrook Classes", "Otterbrook Classes"),
        ("IBAN", "SK31 1200 0000 1987 4263 7541", "SK3112000000198742637541"),
        ("BIC", "TATRSKBX", "TATRSKBX"),
        ("Amount", "€1,280.00", "1280.00"),
        ("Variable symbol", "200101", "200101"),
        ("Reference", "OT2001-1", "OT2001-1"),
        ("Message", "Little Waves 2", "Little Waves 2"),
    ]


def test_there_are_no_bank_details_for_what_is_paid_or_without_bank_transfer(shop: Shop) -> None:
    paid = shop.buys("Little Waves 2", 12800)
    shop.pays(paid, 12800)
    assert not opened(shop, paid).transfer.lines

    unpaid = shop.buys("Stroke School 1", 8600)
    provider.save(shop.house.db, SYSTEM, {"bank_transfer": False}, NOW)
    assert not opened(shop, unpaid).transfer.lines


@pytest.mark.parametrize(
    ("status", "method", "title"),
    [
        (PaymentStatus.UNPAID, "", "Pay by bank transfer"),
        (PaymentStatus.PROCESSING, PaymentMethod.BANK_TRANSFER, "If you have not sent it yet"),
        (PaymentStatus.PROCESSING, PaymentMethod.CARD, ""),
    ],
)
def test_the_bank_details_never_ask_for_money_that_is_on_its_way(
    shop: Shop, status: PaymentStatus, method: str, title: str
) -> None:
    placed = shop.buys("Stroke School 1", 8600)
    payment = shop.house.db.get_one(Payment, placed.payment_ids[0])
    payment.status, payment.method = status, method
    transfer = opened(shop, placed).transfer
    assert (transfer.title, bool(transfer.lines)) == (title, bool(title))


def test_the_history_says_why_in_the_words_of_staff(shop: Shop) -> None:
    db, paid, unpaid = shop.house.db, shop.buys("Winter Dance Camp", 4000), shop.buys("Summer camp", 9900)
    shop.pays(paid, 4000, PaymentMethod.CASH)
    refunds.give_back(db, SYSTEM, paid.payment_ids[0], 1000, Back.CREDIT, "A day was rained off", NOW)
    refunds.give_back(db, SYSTEM, paid.payment_ids[0], 3000, Back.PAYER, "You moved away", NOW)
    refunds.cancel_order(db, SYSTEM, unpaid.order_id, None, "Too few children", NOW)

    told = [row.meta for placed in (paid, unpaid) for row in opened(shop, placed).history if row.meta[1:]]
    at = "Thu 12 March, 14:10"
    assert told == [(at, "You moved away"), (at, "A day was rained off"), (at, "Too few children")]
