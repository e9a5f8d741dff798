"""The payments page: unpaid first, then what is on its way or later, then paid."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from portal import routes
from portal.actor import Actor
from portal.errors import NotFound
from portal.rows.common import LineItem, Link
from portal.rows.payments import OpenedPayment, PaymentsView
from portal.rules.payments import PaymentState
from portal.services import document_words, payment_detail, transfer_words
from portal.services import payment_words as words
from portal.services.facts.documents import DocumentFact, documents
from portal.services.facts.payments import PaymentFact, payments
from portal.services.online_words import online
from portal.services.scene import Scene, set_scene
from portal.words import number, sentence

PAID_SHOWN = 8
LATER = frozenset({PaymentState.PROCESSING, PaymentState.UPCOMING})
MONEY_CAME = frozenset({PaymentState.PAID, PaymentState.REFUNDED})


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> PaymentsView:
    """Four queries beside the scene's. What `asked` names is opened, or NotFound; "paid" may be "all"."""
    scene, chosen, every = set_scene(db, actor, now), asked.get("open", ""), asked.get("paid") == "all"
    facts, issued, pays = payments(db, scene), documents(db, scene), online(db, scene, asked)
    sections = _sections(facts)
    opened = _opened(facts, sections, chosen)
    shown = opened.public_id if opened else ""
    to_pay, later, paid, void = (
        tuple(_row(scene, fact, shown, issued) for fact in section) for section in sections
    )
    return PaymentsView(
        lead=_lead(scene, sections[0]) if facts else "",
        to_pay=to_pay,
        to_pay_total=words.to_pay_total(scene, facts),
        told=pays.told,
        pay_all=pays.of_all(sections[0]),
        transfer_all=transfer_words.of_everything_due(scene, facts),
        later=later,
        paid=paid if every else paid[:PAID_SHOWN],
        paid_count=_this_year(scene, sections[2]),
        show_all=_show_all(len(paid)) if not every else Link(),
        void=void,
        settled="" if to_pay or not facts else words.next_payment(scene, facts),
        empty_title=_empty_title(actor),
        empty="" if facts else _empty(actor),
        note=_note(actor),
        opened=payment_detail.opened(db, scene, opened, facts, issued, pays) if opened else OpenedPayment(),
        chosen=bool(chosen),
    )


def _sections(facts: Sequence[PaymentFact]) -> tuple[list[PaymentFact], ...]:
    """To pay and later by due date, paid with the newest first, void."""
    return (
        [fact for fact in facts if fact.to_pay],
        sorted((fact for fact in facts if fact.state in LATER), key=_moving_first),
        sorted((fact for fact in facts if fact.state in MONEY_CAME), key=_paid_at, reverse=True),
        [fact for fact in reversed(facts) if fact.state is PaymentState.VOID],
    )


def _moving_first(fact: PaymentFact) -> tuple[bool, date]:
    return fact.state is not PaymentState.PROCESSING, fact.due_on


def _paid_at(fact: PaymentFact) -> datetime:
    return fact.paid_at or fact.created_at


def _opened(
    facts: Sequence[PaymentFact], sections: Sequence[Sequence[PaymentFact]], asked: str
) -> PaymentFact | None:
    """The one asked for, else the first of the page."""
    if not asked:
        return next((fact for section in sections for fact in section), None)
    found = next((fact for fact in facts if fact.public_id == asked), None)
    if found is None:
        raise NotFound
    return found


def _lead(scene: Scene, waiting: Sequence[PaymentFact]) -> str:
    """How much is to pay, and whether any of it is late."""
    if not waiting:
        return "Nothing to pay now."
    total = words.to_pay_total(scene, waiting)
    late = sum(fact.state is PaymentState.OVERDUE for fact in waiting)
    if late:
        are = "payment is" if late == 1 else "payments are"
        return f"{total} to pay. {sentence(number(late))} {are} overdue."
    first = waiting[0].due_on
    by = "today" if first == scene.today else f"by {words.long_day(scene, first)}"
    return f"{total} to pay {by}." if len(waiting) == 1 else f"{total} to pay, the first {by}."


def _row(scene: Scene, fact: PaymentFact, shown: str, issued: Sequence[DocumentFact]) -> LineItem:
    came = fact.state in MONEY_CAME
    chip = words.payment_chip(scene, fact)
    who = words.face(scene, fact.member_id)
    quiet = came and not fact.refunded_minor
    return LineItem(
        face=who,
        icon="" if who.initial else "users",
        title=fact.label,
        meta=(", ".join(part for part in (who.name, _about(scene, fact)) if part),),
        chips=() if quiet else (chip,),
        amount=scene.money(fact.paid_minor if came else fact.open_minor, fact.currency),
        href=routes.payment(fact.public_id),
        download=document_words.to_take_along(issued, fact) if came else Link(),
        current=fact.public_id == shown,
    )


def _about(scene: Scene, fact: PaymentFact) -> str:
    """When it was paid or announced; before that, which part of the order it is, and what came already."""
    calendar = scene.calendar
    if fact.state in MONEY_CAME:
        return calendar.date(calendar.day(_paid_at(fact)), scene.today)
    if fact.state is PaymentState.PROCESSING and fact.announced_on:
        return f"bank transfer announced {calendar.date(fact.announced_on, scene.today)}"
    if fact.received_minor:
        part, whole = (
            scene.money(minor, fact.currency) for minor in (fact.received_minor, fact.amount_minor)
        )
        return f"{part} of {whole} paid"
    return words.instalment(fact)


def _this_year(scene: Scene, paid: Sequence[PaymentFact]) -> str:
    """ "4 in 2026"."""
    count = sum(scene.calendar.day(_paid_at(fact)).year == scene.today.year for fact in paid)
    return f"{count} in {scene.today.year}" if count else ""


def _show_all(count: int) -> Link:
    return Link(f"{routes.PAYMENTS}?paid=all", f"Show all {count}") if count > PAID_SHOWN else Link()


def _empty_title(actor: Actor) -> str:
    return "No payments yet" if actor.family_id is not None else "No payments to show"


def _empty(actor: Actor) -> str:
    if actor.family_id is None:
        return "Payments stay with the family that shared a booking with you."
    return "When you book a class, what there is to pay appears here."


def _note(actor: Actor) -> str:
    if actor.family_id is None:
        return "You see the payments of a booking that was shared with you, and no others."
    return (
        "Payments belong to your family account, so you see all of them here. "
        "The name on each shows whose class it is."
    )
