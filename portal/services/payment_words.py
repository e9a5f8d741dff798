"""Payments in words: what is due, when, and what has come of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from portal import routes
from portal.models.commerce import PaymentMethod
from portal.rows.cards import Due, DueLine
from portal.rows.common import Chip, Face, Link
from portal.rows.home import OrdersSummary
from portal.rules.payments import OrderState, PaymentState, order_state
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene
from portal.words import days_apart, listed

LINES = 5
"""Of the card on home; its link leads to all of them."""

CHIPS = {
    PaymentState.PROCESSING: Chip("", "hourglass", "On its way", bare=True),
    PaymentState.PAID: Chip("good", "circle-check", "Paid", bare=True),
    PaymentState.REFUNDED: Chip("", "undo-2", "Refunded", bare=True),
    PaymentState.VOID: Chip("", "circle-minus", "Cancelled", bare=True),
}
PARTLY_REFUNDED = Chip("", "undo-2", "Partly refunded", bare=True)

METHODS = {
    PaymentMethod.CARD: "by card",
    PaymentMethod.BANK_TRANSFER: "by bank transfer",
    PaymentMethod.CASH: "in cash",
    PaymentMethod.CREDIT: "with your credit",
}


def payment_chip(scene: Scene, fact: PaymentFact) -> Chip:
    """Filled while it waits for the guardian, quiet in every other state."""
    day = scene.calendar.short_date(fact.due_on, scene.today)
    if fact.state is PaymentState.OVERDUE:
        return Chip("bad", "triangle-alert", f"Overdue by {days_apart(fact.due_on, scene.today)}")
    if fact.state is PaymentState.DUE:
        return Chip("warn", "clock", "Due today" if fact.due_on == scene.today else f"Due {day}")
    if fact.state is PaymentState.UPCOMING:
        return Chip("", "calendar-check", f"Due {day}", bare=True)
    if 0 < fact.refunded_minor < fact.received_minor:
        return PARTLY_REFUNDED
    return CHIPS[fact.state]


def method(fact_method: str) -> str:
    """ "by bank transfer"; empty when nobody said how."""
    return METHODS[PaymentMethod(fact_method)] if fact_method else ""


def face(scene: Scene, member_id: int | None) -> Face:
    """The member's; one without an initial for what is the whole family's."""
    member = scene.members.get(member_id) if member_id is not None else None
    return member.face if member else Face()


def instalment(fact: PaymentFact) -> str:
    """ "instalment 2 of 3"; for a payment by itself what its only line says: "spring sessions"."""
    if fact.of > 1:
        return f"instalment {fact.position} of {fact.of}"
    return within_a_sentence(fact.detail)


def within_a_sentence(label: str) -> str:
    """ "swim cap" of "Swim cap"; "DJ class" stays as it is."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def sums(scene: Scene, amounts: Iterable[tuple[int, str]]) -> str:
    """Minor units with their currencies, added up; currencies are never mixed: "€148.00 and CHF 20.00"."""
    totals: dict[str, int] = defaultdict(int)
    for amount_minor, currency in amounts:
        totals[currency] += amount_minor
    return listed([scene.money(total, currency) for currency, total in totals.items()])


def to_pay_total(scene: Scene, facts: Iterable[PaymentFact]) -> str:
    """What is still open of everything that is due or overdue."""
    return sums(scene, ((fact.open_minor, fact.currency) for fact in facts if fact.to_pay))


def long_day(scene: Scene, day: date) -> str:
    """ "Friday 6 March", with the year when it is not this one."""
    return f"{scene.calendar.weekday(day)} {scene.calendar.date(day, scene.today)}"


def due(scene: Scene, facts: Sequence[PaymentFact]) -> Due:
    """The first thing a guardian with a debt sees; without one, what comes next."""
    waiting = [fact for fact in facts if fact.to_pay]
    if not waiting:
        return Due(later=f"Nothing to pay now. {next_payment(scene, facts)}" if facts else "")
    return Due(
        count=len(waiting),
        total=to_pay_total(scene, waiting),
        chip=payment_chip(scene, waiting[0]),
        lines=tuple(_due_line(scene, fact) for fact in waiting[:LINES]),
        pay=_pay(scene, waiting),
        see=_see(waiting),
    )


def next_payment(scene: Scene, facts: Sequence[PaymentFact]) -> str:
    """What follows when nothing is due; empty for a family that never had anything to pay."""
    coming = next((fact for fact in facts if fact.state is PaymentState.UPCOMING), None)
    if coming is not None:
        day = scene.calendar.date(coming.due_on, scene.today)
        return f"The next payment is {_amount(scene, coming)} for {_whose(scene, coming)} on {day}."
    moving = [(fact.open_minor, fact.currency) for fact in facts if fact.state is PaymentState.PROCESSING]
    if moving:
        return f"{sums(scene, moving)} is on its way."
    return "Everything is paid." if facts else ""


def orders_summary(facts: Iterable[PaymentFact]) -> OrdersSummary:
    """ "2 to pay, 3 paid", "1 more on its way by bank transfer"; empty for a family without orders."""
    orders = by_order(facts)
    states = Counter(standing(payments) for payments in orders)
    counts = (
        (states[OrderState.TO_PAY], "to pay"),
        (states[OrderState.LATER], "to pay later"),
        (states[OrderState.PAID], "paid"),
    )
    title = ", ".join(f"{count} {word}" for count, word in counts if count)
    moving = [payments for payments in orders if standing(payments) is OrderState.ON_ITS_WAY]
    theirs = "its" if len(moving) == 1 else "their"
    words = f"{len(moving)} {'more ' if title else ''}on {theirs} way{_same_way(moving)}" if moving else ""
    return OrdersSummary(title, words) if title else OrdersSummary(words)


def by_order(facts: Iterable[PaymentFact]) -> list[list[PaymentFact]]:
    """The payments of each order, in their order."""
    orders: dict[int, list[PaymentFact]] = defaultdict(list)
    for fact in facts:
        orders[fact.order_id].append(fact)
    return [sorted(payments, key=lambda fact: fact.position) for payments in orders.values()]


def standing(payments: Sequence[PaymentFact]) -> OrderState:
    """Where the order of these payments stands."""
    return order_state([fact.state for fact in payments], stands=all(fact.order_stands for fact in payments))


def _same_way(orders: Sequence[Sequence[PaymentFact]]) -> str:
    """ " by bank transfer" when that is true of all of them."""
    moving = [fact for payments in orders for fact in payments if fact.state is PaymentState.PROCESSING]
    ways = {method(fact.method) for fact in moving}
    way = ways.pop() if len(ways) == 1 else ""
    return f" {way}" if way else ""


def _due_line(scene: Scene, fact: PaymentFact) -> DueLine:
    """ "Ballet Foundations,", "was due 6 March"; "Stroke School 1,", "due 20 March"."""
    was = "was due" if fact.state is PaymentState.OVERDUE else "due"
    day = "today" if fact.due_on == scene.today else scene.calendar.date(fact.due_on, scene.today)
    return DueLine(face(scene, fact.member_id), f"{fact.label},", f"{was} {day}", _amount(scene, fact))


def _pay(scene: Scene, waiting: Sequence[PaymentFact]) -> Link:
    """To the one payment, or to where all are paid together."""
    where = routes.payment(waiting[0].public_id) if len(waiting) == 1 else routes.PAYMENTS
    return Link(where, f"Pay {to_pay_total(scene, waiting)}")


def _see(waiting: Sequence[PaymentFact]) -> Link:
    """One is seen where it is paid."""
    words = "See both" if len(waiting) == 2 else f"See all {len(waiting)}"
    return Link(routes.PAYMENTS, words) if len(waiting) > 1 else Link()


def _amount(scene: Scene, fact: PaymentFact) -> str:
    return scene.money(fact.open_minor, fact.currency)


def _whose(scene: Scene, fact: PaymentFact) -> str:
    """ "Juno’s Ballet Foundations"; what is the whole family's goes by its name alone."""
    name = face(scene, fact.member_id).name
    return f"{name}’s {fact.label}" if name else fact.label
