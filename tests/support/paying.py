"""A family goes to a gateway and the gateway tells of it, without one: what tests of checkouts say and ask."""

from datetime import timedelta

from sqlmodel import col, select

from portal.actor import SYSTEM
from portal.gateways import Event, Opened, Present, Standing
from portal.models.benefits import CreditEntryKind
from portal.models.commerce import Payment
from portal.services import checkout_events, checkouts, credit, refunds
from portal.services.checkouts import Begun, Wanted
from portal.services.credit import Cause
from portal.services.refunds import AskedRefund, Back
from tests.factories import NOW, Household, Otterbrook
from tests.support.being_told import DESK

LATER = NOW + timedelta(minutes=3)


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
