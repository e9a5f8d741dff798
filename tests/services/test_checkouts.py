"""Paying online through the services: what is asked of a gateway, and what is made of what it says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotFound
from portal.gateways import Event, Opened, Present, Standing
from portal.models.benefits import CreditEntryKind
from portal.models.checkouts import Checkout, CheckoutPart
from portal.models.commerce import Payment, PaymentEvent, PaymentMethod
from portal.models.people import AuditEntry
from portal.rules.conditions import Unmet
from portal.services import checkout_events, checkouts, credit, payments_received, provider, refunds
from portal.services.checkouts import Begun, Wanted
from portal.services.credit import Cause
from portal.services.refunds import AskedRefund, Back
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.services.test_notify import DESK

LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


@pytest.fixture
def owed(world: Otterbrook, vale: Household) -> list[Payment]:
    """€62.00, and €86.00 due a day later."""
    world.order(vale.family_id, 6200, due=(TODAY,))
    world.order(vale.family_id, 8600, due=(TODAY + timedelta(days=1),))
    return list(world.db.exec(select(Payment).order_by(col(Payment.due_on))).all())


def give_credit(world: Otterbrook, vale: Household, amount: int) -> None:
    credit.move(world.db, vale.family_id, CreditEntryKind.PREPAID, amount, Cause("Prepaid"), NOW)


def begin(world: Otterbrook, vale: Household, *payments: Payment, use_credit: bool = False) -> Begun:
    which = tuple(one.public_id for one in payments) or (checkouts.ALL,)
    begun = checkouts.begin(world.db, vale.guardian, Wanted(which, use_credit), "demo", DESK, NOW)
    if begun.asked:
        checkouts.opened(world.db, begun.checkout, Opened(f"ext_{begun.checkout}", "https://pay.example/x"))
    return begun


def present(begun: Begun, standing: Standing = Standing.PAID, refunded_minor: int = 0) -> Present:
    assert begun.asked
    paid = begun.asked.amount_minor if standing is Standing.PAID else 0
    return Present(f"ext_{begun.checkout}", begun.checkout, standing, paid, refunded_minor, "EUR")


def asks_back(world: Otterbrook, payment: Payment, amount: int) -> AskedRefund:
    payment_id = payment.id or 0
    (asked,) = refunds.give_back(world.db, SYSTEM, payment_id, amount, Back.PAYER, "Moved away", NOW)
    return asked


def tell(world: Otterbrook, now: Present, event_id: str = "evt_1") -> bool:
    event = Event(event_id, "visit", now.external_id)
    taken = checkout_events.take_in(world.db, "demo", event, now, LATER)
    world.db.expire_all()
    return taken


def stands(world: Otterbrook) -> list[tuple[str, int, int]]:
    world.db.expire_all()
    found = world.db.exec(select(Payment).order_by(col(Payment.due_on))).all()
    return [(one.status, one.received_minor, one.refunded_minor) for one in found]


def test_everything_due_is_asked_for_at_once_and_counted_on_the_server(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)

    assert begun.asked
    assert (begun.asked.amount_minor, begun.asked.currency, begun.asked.email) == (14800, "EUR", vale.email)
    assert begun.asked.back_url == f"https://portal.example/payments?checkout={begun.checkout}"
    assert stands(world) == [("unpaid", 0, 0), ("unpaid", 0, 0)]


def test_paid_at_the_gateway_is_paid_here_once_however_often_it_is_told(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)

    assert tell(world, present(begun))
    assert not tell(world, present(begun))
    assert tell(world, present(begun), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 0)]
    assert credit.balance(world.db, vale.family_id) == 0


def test_credit_pays_its_part_when_the_money_is_there_and_not_before(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    begun = begin(world, vale, use_credit=True)
    assert begun.asked
    assert begun.asked.amount_minor == 12800
    assert credit.balance(world.db, vale.family_id) == 2000

    tell(world, present(begun))

    assert credit.balance(world.db, vale.family_id) == 0
    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 0)]


def test_credit_that_was_used_elsewhere_meanwhile_is_never_a_debt(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    begun = begin(world, vale, owed[0], use_credit=True)
    payments_received.use_credit(world.db, vale.guardian, owed[1].id or 0, 2000, "Elsewhere", NOW)

    tell(world, present(begun))

    assert stands(world)[0] == ("unpaid", 4200, 0)
    assert credit.balance(world.db, vale.family_id) == 0


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
    assert other.replaced == (f"ext_{first.checkout}",)


def test_money_for_a_visit_that_was_replaced_becomes_credit_and_never_vanishes(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    first = begin(world, vale, owed[0])
    second = begin(world, vale)

    tell(world, present(second))
    tell(world, present(first), "evt_late")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 0)]
    assert credit.balance(world.db, vale.family_id) == 6200


def test_money_that_is_on_its_way_shows_so_and_falls_back_when_it_does_not_come(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun, Standing.PROCESSING))
    assert stands(world)[0][0] == "processing"
    with pytest.raises(Unmet, match="on_its_way"):
        begin(world, vale, owed[0])

    tell(world, present(begun, Standing.EXPIRED), "evt_2")

    assert stands(world)[0] == ("unpaid", 0, 0)


def test_what_is_paid_stays_paid_whatever_comes_late(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    tell(world, present(begun, Standing.EXPIRED), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 0)
    assert world.db.exec(select(Checkout.status)).one() == "paid"


def test_what_is_over_is_not_on_its_way_again_and_keeps_no_credit_back(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    give_credit(world, vale, 2000)
    begun = begin(world, vale, owed[0], use_credit=True)
    tell(world, present(begun, Standing.EXPIRED))
    tell(world, present(begun, Standing.PROCESSING), "evt_late")

    assert stands(world)[0] == ("unpaid", 0, 0)
    assert world.db.exec(select(Checkout.status)).one() == "expired"
    again = begin(world, vale, owed[1], use_credit=True)
    assert again.asked
    assert again.asked.amount_minor == 6600


def test_refunds_come_in_parts_and_count_once(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    paid = present(begun)
    tell(world, paid)

    tell(world, replace(paid, refunded_minor=1000), "evt_2")
    tell(world, replace(paid, refunded_minor=1000), "evt_3")
    tell(world, replace(paid, refunded_minor=14800), "evt_4")

    assert stands(world) == [("refunded", 6200, 6200), ("refunded", 8600, 8600)]
    refunds = select(PaymentEvent.amount_minor).where(PaymentEvent.kind == "refunded")
    assert sum(world.db.exec(refunds).all()) == 14800


def test_a_refund_heard_of_before_its_payment_is_taken_in_with_it(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])

    tell(world, present(begun, refunded_minor=6200), "evt_refund_first")
    tell(world, present(begun, refunded_minor=6200), "evt_paid_later")

    assert stands(world)[0] == ("refunded", 6200, 6200)


def test_another_currency_pays_nothing(world: Otterbrook, vale: Household, owed: list[Payment]) -> None:
    begun = begin(world, vale, owed[0])

    tell(world, replace(present(begun), currency="USD"))

    assert stands(world)[0] == ("unpaid", 0, 0)


def test_a_visit_nobody_knows_changes_nothing(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    stranger = Present("ext_other", "other", Standing.PAID, 6200, 0, "EUR")

    assert tell(world, stranger)
    assert stands(world) == [("unpaid", 0, 0), ("unpaid", 0, 0)]


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


def test_a_refund_of_money_that_had_become_credit_takes_the_credit_and_leaves_the_payment(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    payments_received.receive(world.db, SYSTEM, owed[0].id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)
    tell(world, present(begun))
    assert credit.balance(world.db, vale.family_id) == 6200

    tell(world, present(begun, refunded_minor=6200), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 0)
    assert credit.balance(world.db, vale.family_id) == 0


def test_what_goes_back_beyond_what_is_left_is_written_down_for_staff(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    payments_received.refund_to_credit(world.db, SYSTEM, owed[0].id or 0, 6200, "A gift", NOW)

    tell(world, present(begun, refunded_minor=6200), "evt_2")

    assert "checkout.refunded_beyond" in world.db.exec(select(AuditEntry.action)).all()


def test_a_visit_nobody_has_told_of_is_asked_for_when_its_time_is_over(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])

    assert checkouts.unheard_of(world.db, NOW + checkouts.LIFE) == []
    late = NOW + checkouts.LIFE + timedelta(seconds=1)
    assert checkouts.unheard_of(world.db, late) == [("demo", f"ext_{begun.checkout}")]
    tell(world, present(begun))
    assert checkouts.unheard_of(world.db, late) == []


@pytest.mark.parametrize(
    ("by_event", "by_sum", "credited_twice"), [(1, 1, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1)]
)
def test_copies_are_credited_twice_only_without_both_guards(
    world: Otterbrook,
    vale: Household,
    owed: list[Payment],
    monkeypatch: pytest.MonkeyPatch,
    by_event: int,
    by_sum: int,
    credited_twice: int,
) -> None:
    if not by_event:
        monkeypatch.setattr(checkout_events, "_is_new", lambda *_: True)
    if not by_sum:
        receive = checkout_events._receive

        def all_of_it(
            db: Session, checkout: Checkout, parts: Sequence[CheckoutPart], came: int, now: datetime
        ) -> None:
            receive(db, checkout, parts, came + checkout.received_minor, now)

        monkeypatch.setattr(checkout_events, "_receive", all_of_it)
    begun = begin(world, vale)
    for _ in range(2):
        tell(world, present(begun))

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 0)]
    assert credit.balance(world.db, vale.family_id) == 14800 * credited_twice


def test_a_refund_that_staff_ask_for_goes_to_the_payment_it_is_meant_for(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    second = world.db.exec(select(Payment).order_by(col(Payment.due_on).desc())).first()
    assert second
    (asked,) = refunds.give_back(world.db, SYSTEM, second.id or 0, 1000, Back.PAYER, "Moved away", NOW)
    assert checkouts.paid_through(world.db, asked.payment_id) == ("demo", f"ext_{begun.checkout}")

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({asked.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert refunds.unsettled(world.db, LATER) == []


def test_of_two_refunds_of_the_same_sum_the_one_that_was_given_is_done(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    first, second = (asks_back(world, one, 1000) for one in owed)

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({second.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert refunds.unsettled(world.db, LATER) == [first]


def test_more_than_was_asked_for_goes_back_and_all_of_it_counts(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    asked = asks_back(world, owed[0], 1000)

    tell(world, replace(present(begun, refunded_minor=3000), given=frozenset({asked.key})), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 3000)
    assert world.db.exec(select(AuditEntry.action)).all() == []


def test_what_is_kept_aside_for_a_refund_is_not_taken_for_another(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    tell(world, present(begun))
    asked = asks_back(world, owed[0], 6200)

    tell(world, present(begun, refunded_minor=8600), "evt_2")
    assert stands(world) == [("paid", 6200, 0), ("refunded", 8600, 8600)]
    tell(world, replace(present(begun, refunded_minor=14800), given=frozenset({asked.key})), "evt_3")

    assert stands(world) == [("refunded", 6200, 6200), ("refunded", 8600, 8600)]
    assert refunds.unsettled(world.db, LATER) == []


def test_a_refund_that_staff_ask_for_leaves_credit_alone(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale)
    payments_received.receive(world.db, SYSTEM, owed[0].id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)
    tell(world, present(begun))
    asked = asks_back(world, owed[1], 1000)

    tell(world, replace(present(begun, refunded_minor=1000), given=frozenset({asked.key})), "evt_2")

    assert stands(world) == [("paid", 6200, 0), ("paid", 8600, 1000)]
    assert credit.balance(world.db, vale.family_id) == 6200


def test_a_card_that_has_its_money_back_is_not_asked_to_give_it_again(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    payments_received.receive(world.db, SYSTEM, owed[0].id or 0, 6200, PaymentMethod.BANK_TRANSFER, NOW)
    tell(world, present(begun))
    tell(world, present(begun, refunded_minor=6200), "evt_2")

    given = refunds.give_back(world.db, SYSTEM, owed[0].id or 0, 6200, Back.PAYER, "Moved away", NOW)

    assert given == []
    assert stands(world)[0] == ("refunded", 6200, 6200)
