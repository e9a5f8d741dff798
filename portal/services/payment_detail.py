"""One payment in full: what to do about it, how to transfer it, what it belongs to, what happened to it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from portal import routes
from portal.models.commerce import PaymentEvent, PaymentEventKind, PaymentMethod
from portal.rows.common import Fact, LineItem, TermStrip
from portal.rows.payments import OpenedPayment
from portal.rules.payments import SETTLED, PaymentState, place_kept_until
from portal.services import document_words, transfer_words
from portal.services import payment_words as words
from portal.services.facts.documents import DocumentFact
from portal.services.facts.payments import PaymentFact
from portal.services.online_words import Online
from portal.services.scene import Scene
from portal.words import sentence

HISTORY = {
    PaymentEventKind.ASKED: ("receipt-text", "plain", "Issued, {amount} to pay"),
    PaymentEventKind.ANNOUNCED: ("hourglass", "plain", "{amount} announced {way}"),
    PaymentEventKind.FAILED: ("circle-minus", "plain", "The online payment did not go through"),
    PaymentEventKind.RECEIVED: ("circle-check", "good", "{amount} received {way}"),
    PaymentEventKind.CREDIT_USED: ("coins", "good", "{amount} paid with your credit"),
    PaymentEventKind.REFUNDED: ("undo-2", "plain", "{amount} refunded {way}"),
    PaymentEventKind.VOIDED: ("circle-minus", "plain", "No longer to be paid"),
    PaymentEventKind.CORRECTED: ("notebook-text", "plain", "Corrected by us, {amount}"),
}
CAME = frozenset({PaymentEventKind.RECEIVED, PaymentEventKind.CREDIT_USED, PaymentEventKind.CORRECTED})
"""Corrections are negative: they take away what had come by mistake."""
TOLD = {
    PaymentState.PROCESSING: "The money is on its way. The status here changes by itself when we have it.",
    PaymentState.PAID: "Thank you.",
    PaymentState.REFUNDED: "This money went back to you.",
    PaymentState.VOID: "This was cancelled. There is nothing to pay.",
}
TICKS = {PaymentState.PAID: "did", PaymentState.REFUNDED: "off", PaymentState.VOID: "off"}


def opened(
    db: Session,
    scene: Scene,
    fact: PaymentFact,
    facts: Sequence[PaymentFact],
    issued: Sequence[DocumentFact],
    pays: Online,
) -> OpenedPayment:
    """One query: the payment's history. `facts` hold the other instalments of its order."""
    who = words.face(scene, fact.member_id)
    events = _events(db, fact)
    came = fact.state in (PaymentState.PAID, PaymentState.REFUNDED)
    online = pays.of_payment(fact)
    return OpenedPayment(
        id=fact.public_id,
        face=who,
        icon="" if who.initial else "users",
        title=fact.label,
        about=", ".join(part for part in (who.name or "Whole family", words.instalment(fact)) if part),
        amount=scene.money(fact.paid_minor if came else fact.open_minor, fact.currency),
        chip=words.payment_chip(scene, fact),
        strip=_strip(scene, [other for other in facts if other.order_id == fact.order_id]),
        words=_what_to_do(scene, fact, who.name),
        online=online,
        transfer=transfer_words.of_payment(scene, fact, beside=bool(online.payments)),
        facts=_facts(scene, fact, events),
        documents=document_words.of_payment(scene, issued, fact),
        history=tuple(_history(scene, event, fact.currency) for event in events),
    )


def _events(db: Session, fact: PaymentFact) -> Sequence[PaymentEvent]:
    newest = (col(PaymentEvent.at).desc(), col(PaymentEvent.id).desc())
    return (
        db.execute(select(PaymentEvent).where(col(PaymentEvent.payment_id) == fact.id).order_by(*newest))
        .scalars()
        .all()
    )


def _what_to_do(scene: Scene, fact: PaymentFact, name: str) -> str:
    """What the guardian has to do, or why there is nothing to do."""
    day = words.long_day(scene, fact.due_on)
    if fact.state is PaymentState.OVERDUE:
        return f"It was due on {day}. {_grace(scene, fact, name)}"
    if fact.state is PaymentState.DUE:
        return "Please pay today." if fact.due_on == scene.today else f"Please pay by {day}."
    if fact.state is PaymentState.UPCOMING:
        return f"Nothing to do yet. It is due on {day}."
    return TOLD[fact.state] if fact.amount_minor else "There was nothing to pay."


def _grace(scene: Scene, fact: PaymentFact, name: str) -> str:
    until = place_kept_until(fact.due_on, scene.provider.overdue_grace_days)
    if scene.today > until:
        return "Please pay it now, or tell us if you already have."
    day = "today" if until == scene.today else f"by {scene.calendar.date(until, scene.today)}"
    return f"{name} keeps the place; please pay {day}." if name else f"Please pay {day}."


def _strip(scene: Scene, instalments: Sequence[PaymentFact]) -> TermStrip:
    """One tick an instalment; nothing for a payment by itself."""
    if len(instalments) < 2:
        return TermStrip()
    ordered = sorted(instalments, key=lambda fact: fact.position)
    coming = next((fact for fact in ordered if fact.state not in SETTLED), None)
    told = ", ".join(f"instalment {fact.position} {_stands(scene, fact)}" for fact in ordered)
    paid = sum(fact.state is PaymentState.PAID for fact in ordered)
    return TermStrip(
        ticks=tuple("next" if fact is coming else TICKS.get(fact.state, "") for fact in ordered),
        label=f"I{told[1:]}",
        caption=f"{paid} of {len(ordered)} instalments paid",
    )


def _stands(scene: Scene, fact: PaymentFact) -> str:
    day = scene.calendar.date(fact.due_on, scene.today)
    if fact.state is PaymentState.OVERDUE:
        return "due now"
    if fact.state in (PaymentState.DUE, PaymentState.UPCOMING):
        return f"due on {day}"
    return words.payment_chip(scene, fact).word.lower()


def _facts(scene: Scene, fact: PaymentFact, events: Sequence[PaymentEvent]) -> tuple[Fact, ...]:
    full, day = scene.calendar.full_date, scene.calendar.day
    found = [
        Fact("Order", fact.order_number, href=routes.order(fact.order)),
        Fact("Issued", full(day(fact.created_at))),
        Fact("Due", full(fact.due_on)),
    ]
    if fact.announced_on and fact.state is PaymentState.PROCESSING:
        found.append(Fact("Announced", full(fact.announced_on)))
    if fact.paid_at:
        found.append(Fact("Paid", full(day(fact.paid_at))))
        found.append(Fact("How", _how(scene, fact)))
    elif fact.received_minor:
        found.append(Fact("Paid so far", scene.money(fact.received_minor, fact.currency)))
    if fact.refunded_minor:
        found.append(Fact("Refunded", scene.money(fact.refunded_minor, fact.currency)))
    return (*found, *_excess(scene, fact, events))


def _how(scene: Scene, fact: PaymentFact) -> str:
    """ "By card", "€75.00 by card, €8.00 with your credit"."""
    way = words.method(fact.method)
    if not 0 < fact.credit_minor < fact.received_minor:
        return sentence(way)
    by_money, by_credit = (scene.money(part, fact.currency) for part in (fact.paid_minor, fact.credit_minor))
    return f"{by_money} {way}, {by_credit} with your credit"


def _excess(scene: Scene, fact: PaymentFact, events: Sequence[PaymentEvent]) -> tuple[Fact, ...]:
    """What came above the amount: it is the family's credit now, and never vanishes."""
    excess = sum(event.amount_minor for event in events if event.kind in CAME) - fact.received_minor
    return (
        (Fact("Paid too much", f"{scene.money(excess, fact.currency)}, now your credit"),)
        if excess > 0
        else ()
    )


def _history(scene: Scene, event: PaymentEvent, currency: str) -> LineItem:
    icon, tone, told = HISTORY[PaymentEventKind(event.kind)]
    back = event.kind == PaymentEventKind.REFUNDED and event.method == PaymentMethod.CREDIT
    title = told.format(
        amount=scene.money(event.amount_minor, currency),
        way="as credit" if back else words.method(event.method),
    )
    at = f"{_day(scene, scene.calendar.day(event.at))}, {scene.calendar.time(event.at)}"
    return LineItem(icon=icon, tone=tone, title=title.strip(), meta=(at, event.note) if event.note else (at,))


def _day(scene: Scene, day: date) -> str:
    return scene.calendar.short_date(day, scene.today)
