"""Paying online through the services: what is asked of a gateway, and what is made of what it says."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotFound
from portal.gateways import Standing, registry
from portal.gateways.demo import DemoGateway
from portal.models.benefits import CreditEntryKind
from portal.models.checkouts import Checkout
from portal.models.commerce import Payment
from portal.rules.conditions import Unmet
from portal.services import checkout_ends, checkouts, credit, payments_received, provider
from portal.services.checkouts import Wanted
from portal.services.credit import Cause, OtherCurrency
from portal.services.provider import CreditInThisCurrency
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.being_told import DESK
from tests.support.paying import begin, give_credit, present, stands, tell


def test_everything_due_is_asked_for_at_once_and_counted_on_the_server(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)

    assert begun.asked
    assert (begun.asked.amount_minor, begun.asked.currency, begun.asked.email) == (14800, "EUR", vale.email)
    assert begun.asked.back_url == f"https://portal.example/payments?checkout={begun.checkout}"
    assert stands(world) == [("unpaid", 0, 0), ("unpaid", 0, 0)]


def test_two_visits_are_not_promised_the_same_credit(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    begin(world, vale, owed[0], use_credit=True)

    second = begin(world, vale, owed[1], use_credit=True)

    assert second.asked
    assert second.asked.amount_minor == 8600


def test_credit_that_is_enough_pays_without_a_gateway(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 7000)

    begun = begin(world, vale, owed[0], use_credit=True)

    assert begun.asked is None
    assert stands(world)[0] == ("paid", 6200, 0)
    assert credit.balance(world.db, vale.family_id) == 800


def test_pressed_twice_is_one_visit_and_another_choice_replaces_it(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    first = begin(world, vale, owed[0])
    again = begin(world, vale, owed[0])
    other = begin(world, vale)

    assert again.url == "https://pay.example/x"
    assert again.checkout == first.checkout
    assert other.replaced == (("demo", f"ext_{first.checkout}"),)


def test_payments_of_others_and_of_nobody_are_not_there(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    other = world.family("Adeyemi")
    shared_with = Actor(ActorKind.GUARDIAN, guardian_id=other.guardian_id)
    wanted = Wanted((owed[0].public_id,))
    for thief in (other.guardian, shared_with):
        with pytest.raises(NotFound):
            checkouts.begin(world.db, thief, wanted, "demo", DESK, NOW)
    with pytest.raises(NotFound):
        checkouts.begin(world.db, vale.guardian, Wanted((owed[0].public_id, "p2345")), "demo", DESK, NOW)


def test_what_cannot_be_paid_says_why(world: Otterbrook, vale: Household, owed: list[Payment]) -> None:
    with pytest.raises(Unmet, match="not_ready"):
        checkouts.begin(world.db, vale.guardian, Wanted((checkouts.ALL,)), "", DESK, NOW)
    tell(world, present(begin(world, vale)))
    with pytest.raises(Unmet, match="nothing_to_pay"):
        begin(world, vale)
    provider.save(world.db, SYSTEM, {"online_payment": False}, NOW)
    with pytest.raises(Unmet, match="not_offered"):
        begin(world, vale)


def test_what_is_not_asked_for_yet_is_paid_only_when_it_is_named(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 6200, due=(date(2026, 6, 1),))
    (payment,) = world.db.exec(select(Payment)).all()
    payment.requested_on = date(2026, 5, 1)
    world.db.flush()

    with pytest.raises(Unmet, match="nothing_to_pay"):
        begin(world, vale)
    begun = begin(world, vale, payment)
    assert begun.asked
    assert begun.asked.amount_minor == 6200


def test_a_visit_nobody_has_told_of_is_asked_for_when_its_time_is_over(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])

    assert checkout_ends.unheard_of(world.db, NOW + checkouts.LIFE) == []
    late = NOW + checkouts.LIFE + timedelta(seconds=1)
    assert checkout_ends.unheard_of(world.db, late) == [("demo", f"ext_{begun.checkout}")]
    tell(world, present(begun))
    assert checkout_ends.unheard_of(world.db, late) == []


def test_a_visit_begun_at_another_gateway_is_replaced_and_ended_there(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    first = begin(world, vale, owed[0])
    world.db.exec(select(Checkout)).one().gateway = "stripe"
    world.db.flush()

    second = begin(world, vale, owed[0])

    assert (second.asked is not None, second.url) == (True, "")
    assert second.replaced == (("stripe", f"ext_{first.checkout}"),)


class Choosy(DemoGateway):
    """One that takes nothing below fifty cents."""

    def least_minor(self, currency: str) -> int:
        return 50 if currency == "EUR" else 1


@pytest.fixture
def choosy(tmp_path: Path) -> Iterator[None]:
    registry.use({"demo": Choosy(tmp_path, "secret", "")})
    yield
    registry.use({})


@pytest.mark.usefixtures("choosy")
def test_less_than_the_gateway_takes_is_refused_with_the_least_it_takes(
    world: Otterbrook, vale: Household
) -> None:
    for amount in (49, 1):
        world.order(vale.family_id, amount, due=(TODAY,))
    first, second = world.db.exec(select(Payment).order_by(col(Payment.id))).all()

    for one in (first, second):
        with pytest.raises(Unmet) as refused:
            begin(world, vale, one)
        assert (refused.value.message_key, refused.value.values) == (
            "checkout.too_small",
            {"amount": "€0.50"},
        )
    together = begin(world, vale)
    assert together.asked
    assert together.asked.amount_minor == 50


@pytest.mark.usefixtures("choosy")
def test_credit_never_leaves_less_than_the_gateway_takes(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 6180)

    begun = begin(world, vale, owed[0], use_credit=True)
    assert begun.asked
    assert begun.asked.amount_minor == 50
    tell(world, present(begun))

    assert stands(world)[0] == ("paid", 6200, 0)
    assert credit.balance(world.db, vale.family_id) == 30


@pytest.mark.usefixtures("choosy")
def test_credit_alone_pays_what_is_too_small_for_the_gateway(world: Otterbrook, vale: Household) -> None:
    world.order(vale.family_id, 40, due=(TODAY,))
    give_credit(world, vale, 30)
    with pytest.raises(Unmet, match="too_small"):
        begin(world, vale, use_credit=True)
    give_credit(world, vale, 10)

    assert begin(world, vale, use_credit=True).asked is None
    assert stands(world) == [("paid", 40, 0)]


def test_currencies_are_paid_one_by_one_and_the_credit_is_of_the_providers(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    owed[1].currency = "CZK"
    world.db.flush()

    with pytest.raises(Unmet, match="one_currency"):
        begin(world, vale, *owed)
    everything, other = begin(world, vale), begin(world, vale, owed[1], use_credit=True)
    assert everything.asked
    assert other.asked
    assert (everything.asked.amount_minor, everything.asked.currency) == (6200, "EUR")
    assert (other.asked.amount_minor, other.asked.currency) == (8600, "CZK")


def test_what_a_gateway_has_is_not_paid_again_because_a_transfer_was_announced(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    payments_received.announce(world.db, vale.guardian, owed[0].id or 0, NOW)
    tell(world, present(begun, Standing.PROCESSING))

    with pytest.raises(Unmet, match="on_its_way"):
        begin(world, vale, owed[0])


def test_credit_does_not_pay_in_another_currency(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    owed[0].currency = "CZK"
    world.db.flush()

    with pytest.raises(OtherCurrency):
        payments_received.use_credit(world.db, vale.guardian, owed[0].id or 0, 2000, "Used", NOW)


def test_the_currency_stays_while_families_hold_credit_in_it(world: Otterbrook, vale: Household) -> None:
    give_credit(world, vale, 2000)
    with pytest.raises(CreditInThisCurrency):
        provider.save(world.db, SYSTEM, {"currency": "CZK"}, NOW)
    provider.save(world.db, SYSTEM, {"currency": "EUR", "short_name": "Otter"}, NOW)

    credit.move(world.db, vale.family_id, CreditEntryKind.CORRECTED, -2000, Cause("Paid out"), NOW)
    provider.save(world.db, SYSTEM, {"currency": "CZK"}, NOW)
