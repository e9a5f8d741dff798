"""What a gateway says, taken in: money that comes, once, and where it goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import Session, func, select

from portal.actor import SYSTEM
from portal.gateways import Present, Standing
from portal.models.checkouts import Checkout, CheckoutPart
from portal.models.commerce import Payment
from portal.models.messages import OutboxMessage
from portal.models.people import AuditEntry
from portal.models.privacy import ErasureRequest
from portal.rules.conditions import Unmet
from portal.services import checkout_events, credit, erasure, ordering, payments_received, provider, refunds
from portal.services.payments_received import TooMuch
from portal.services.refunds import Back
from tests.factories import NOW, Household, Otterbrook
from tests.support.paying import begin, give_credit, present, stands, tell


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


def test_another_currency_pays_nothing(world: Otterbrook, vale: Household, owed: list[Payment]) -> None:
    begun = begin(world, vale, owed[0])

    tell(world, replace(present(begun), currency="USD"))

    assert stands(world)[0] == ("unpaid", 0, 0)
    assert world.db.exec(select(AuditEntry.detail)).all() == ["6200 USD instead of 6200 EUR"]


def test_a_visit_nobody_knows_changes_nothing(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    stranger = Present("ext_other", "other", Standing.PAID, 6200, 0, "EUR")

    assert tell(world, stranger)
    assert stands(world) == [("unpaid", 0, 0), ("unpaid", 0, 0)]


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


def test_money_on_its_way_for_an_order_that_is_cancelled_meanwhile_becomes_credit(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun, Standing.PROCESSING))
    ordering.cancel(world.db, SYSTEM, owed[0].order_id, NOW)

    tell(world, present(begun), "evt_2")

    assert stands(world)[0] == ("void", 0, 0)
    assert credit.balance(world.db, vale.family_id) == 6200
    tell(world, present(begun, refunded_minor=6200), "evt_3")
    assert (stands(world)[0], credit.balance(world.db, vale.family_id)) == (("void", 0, 0), 0)


def test_money_for_a_family_that_was_erased_is_kept_and_nobody_is_written_to(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    provider.save(world.db, SYSTEM, {"invoices": True}, NOW)
    begun = begin(world, vale, owed[0])
    asked = ErasureRequest(guardian_id=vale.guardian_id, family_id=vale.family_id, asked_at=NOW, due_at=NOW)
    world.db.add(asked)
    assert erasure.erase_due(world.db, SYSTEM, NOW) == 1
    letters = select(func.count()).select_from(OutboxMessage)
    before = world.db.exec(letters).one()

    tell(world, present(begun))
    tell(world, present(begun, refunded_minor=1000), "evt_2")

    assert stands(world)[0] == ("paid", 6200, 1000)
    assert world.db.exec(letters).one() == before


def test_a_refund_after_a_lost_dispute_has_nothing_left_to_give(
    world: Otterbrook, vale: Household, owed: list[Payment]
) -> None:
    begun = begin(world, vale, owed[0])
    tell(world, present(begun))
    tell(world, present(begun, refunded_minor=6200), "evt_dispute_lost")

    for to in Back:
        with pytest.raises(TooMuch):
            refunds.give_back(world.db, SYSTEM, owed[0].id or 0, 1, to, "Asked as well", NOW)
