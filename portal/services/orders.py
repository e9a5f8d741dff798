"""The orders page: how many are to pay and paid, and what was bought, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from portal import routes
from portal.actor import Actor
from portal.errors import NotFound
from portal.rows.cards import Tile
from portal.rows.common import LineItem, Link
from portal.rows.orders import OpenedOrder, OrdersView
from portal.rules.payments import OrderState
from portal.services import order_detail, order_words
from portal.services import payment_words as words
from portal.services.facts.orders import orders
from portal.services.facts.payments import payments
from portal.services.order_words import Bought
from portal.services.scene import Scene, set_scene

PAID_SHOWN = 8
LATER = frozenset({OrderState.ON_ITS_WAY, OrderState.LATER})


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> OrdersView:
    """Three queries beside the scene's. What `asked` names is opened, or NotFound; "paid" may be "all"."""
    scene, chosen, every = set_scene(db, actor, now), asked.get("order_id", ""), asked.get("paid") == "all"
    found = _bought(db, scene)
    sections = [
        [one for one in found if one.state is OrderState.TO_PAY],
        [one for one in found if one.state in LATER],
        [one for one in found if one.state is OrderState.PAID],
        [one for one in found if one.state is OrderState.CANCELLED],
    ]
    opened = _opened(sections, chosen)
    to_pay, later, paid, cancelled = (tuple(_row(scene, one, opened) for one in part) for part in sections)
    return OrdersView(
        tiles=_tiles(scene, sections[0], sections[2]) if found else (),
        to_pay=to_pay,
        later=later,
        paid=paid if every else paid[:PAID_SHOWN],
        show_all=Link() if every else _show_all(len(paid)),
        cancelled=cancelled,
        empty_title=_empty_title(actor),
        empty="" if found else _empty(actor),
        note=_note(actor),
        opened=order_detail.opened(db, scene, opened) if opened else OpenedOrder(),
        chosen=bool(chosen),
    )


def _bought(db: Session, scene: Scene) -> list[Bought]:
    by_order = {facts[0].order_id: facts for facts in words.by_order(payments(db, scene))}
    return [Bought(order, by_order.get(order.id, ())) for order in orders(db, scene)]


def _opened(sections: Sequence[Sequence[Bought]], asked: str) -> Bought | None:
    """The one asked for, else the first of the page."""
    in_order = [one for section in sections for one in section]
    if not asked:
        return in_order[0] if in_order else None
    opened = next((one for one in in_order if one.order.public_id == asked), None)
    if opened is None:
        raise NotFound
    return opened


def _tiles(scene: Scene, to_pay: Sequence[Bought], paid: Sequence[Bought]) -> tuple[Tile, ...]:
    """ "2", "€148.00 due now" and "3", "€287.00 this year"."""
    due = [fact for one in to_pay for fact in one.payments]
    this_year = [
        (fact.paid_minor, fact.currency)
        for one in paid
        for fact in one.payments
        if fact.paid_at and scene.calendar.day(fact.paid_at).year == scene.today.year
    ]
    owed = f"{words.to_pay_total(scene, due)} due now" if to_pay else "Nothing is due now"
    spent = f"{words.sums(scene, this_year)} this year" if this_year else "Nothing this year"
    return (
        Tile(name="To pay", icon="clock", figure=str(len(to_pay)), note=owed),
        Tile(name="Paid", icon="circle-check", figure=str(len(paid)), note=spent),
    )


def _row(scene: Scene, one: Bought, opened: Bought | None) -> LineItem:
    ordered = scene.calendar.day(one.order.created_at)
    return LineItem(
        title=order_words.title(scene, one.order),
        meta=(one.order.number, scene.calendar.date(ordered, scene.today)),
        chips=order_words.chips(scene, one),
        amount=scene.money(one.money_minor, one.order.currency),
        href=routes.order(one.order.public_id),
        current=one is opened,
    )


def _show_all(count: int) -> Link:
    return Link(f"{routes.ORDERS}?paid=all", f"Show all {count}") if count > PAID_SHOWN else Link()


def _empty_title(actor: Actor) -> str:
    return "No orders yet" if actor.family_id is not None else "No orders to show"


def _empty(actor: Actor) -> str:
    if actor.family_id is None:
        return "Orders stay with the family that shared a booking with you."
    return "What you buy appears here, with its payments and passes."


def _note(actor: Actor) -> str:
    if actor.family_id is None:
        return "You see the orders of a booking that was shared with you, and no others."
    return "Orders belong to your family account and stay the same when you switch between children."
