"""What home and the quick menu say about money."""

from dataclasses import replace
from datetime import timedelta

from portal.actor import SYSTEM
from portal.models.access import LoginSession
from portal.rows.cards import Due
from portal.rows.home import OrdersSummary
from portal.services import ordering, payment_words, payments_received, shell
from portal.services.facts.payments import PaymentFact, payments
from portal.services.scene import Scene, set_scene
from tests.factories import NOW
from tests.support.buying import ASKED_TODAY, LATE, LATER, Shop


def known(shop: Shop) -> tuple[Scene, list[PaymentFact]]:
    shop.house.db.flush()
    shop.house.db.info.clear()
    scene = set_scene(shop.house.db, shop.family.guardian, NOW)
    return scene, payments(shop.house.db, scene)


def due(shop: Shop) -> Due:
    return payment_words.due(*known(shop))


def summary(shop: Shop) -> OrdersSummary:
    return payment_words.orders_summary(known(shop)[1])


def badge(shop: Shop) -> int:
    """The number on the quick menu, as the frame reads it."""
    login = LoginSession(
        token_hash="a" * 64,
        guardian_id=shop.family.guardian_id,
        family_id=shop.family.family_id,
        created_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    shop.house.db.add(login)
    shop.house.db.flush()
    guardian = replace(shop.family.guardian, login_id=login.id)
    return shell.read(shop.house.db, guardian, NOW).unpaid


def vales(shop: Shop) -> None:
    """One overdue, one due, one on its way, one upcoming, one paid."""
    ballet = shop.buys("Ballet Foundations", 18600, LATE, LATE, LATER, member="Juno")
    shop.pays(ballet, 6200)
    shop.buys("Stroke School 1", 8600, ASKED_TODAY, member="Theo")
    trial = shop.buys("Creative Movement trial", 900, member="Mila")
    payments_received.announce(shop.house.db, shop.family.guardian, trial.payment_ids[0], NOW)
    shop.pays(shop.buys("Little Waves 2", 12800, member="Mila"), 12800)


def test_home_says_how_much_is_due_for_what_and_since_when(shop: Shop) -> None:
    vales(shop)

    card = due(shop)

    assert (card.count, card.total, card.chip.word) == (2, "€148.00", "Overdue by 6 days")
    assert [(line.face.initial, line.words, line.when, line.amount) for line in card.lines] == [
        ("J", "Ballet Foundations,", "was due 6 March", "€62.00"),
        ("T", "Stroke School 1,", "due 20 March", "€86.00"),
    ]
    assert (card.see.href, card.see.label) == ("/payments", "See both")
    assert (card.pay.href, card.pay.label) == ("/payments", "Pay €148.00")


def test_one_payment_is_paid_at_its_own_address(shop: Shop) -> None:
    placed = shop.buys("Stroke School 1", 8600)

    card = due(shop)

    assert (card.pay.href, card.pay.label) == (
        f"/payments?open={shop.payment(placed).public_id}",
        "Pay €86.00",
    )
    assert card.see.href == ""


def test_a_long_list_is_cut_and_its_link_says_how_many_there_are(shop: Shop) -> None:
    for at in range(payment_words.LINES + 2):
        shop.buys(f"Thing {at}", 100)

    card = due(shop)

    assert (card.total, len(card.lines), card.see.label) == ("€7.00", payment_words.LINES, "See all 7")


def test_with_nothing_due_home_says_what_comes_next(shop: Shop) -> None:
    assert due(shop) == Due()

    shop.buys("Ballet Foundations", 6200, LATER, member="Juno")

    later = due(shop).later
    assert later == "Nothing to pay now. The next payment is €62.00 for Juno’s Ballet Foundations on 6 April."


def test_orders_are_counted_by_where_they_stand(shop: Shop) -> None:
    assert summary(shop) == OrdersSummary()

    vales(shop)

    assert summary(shop) == OrdersSummary("2 to pay, 1 paid", "1 more on its way by bank transfer")
    another = shop.buys("Jazz Taster", 900, member="Juno")
    payments_received.announce(shop.house.db, shop.family.guardian, another.payment_ids[0], NOW)
    assert summary(shop) == OrdersSummary("2 to pay, 1 paid", "2 more on their way by bank transfer")


def test_the_badge_counts_what_is_due_or_overdue(shop: Shop) -> None:
    vales(shop)
    shop.buys("Free lesson", 0)
    gone = shop.buys("Summer camp", 9900)
    ordering.cancel(shop.house.db, SYSTEM, gone.order_id, NOW)

    assert sum(fact.to_pay for fact in known(shop)[1]) == 2
    assert badge(shop) == 2
