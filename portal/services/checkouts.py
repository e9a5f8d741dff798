"""A family pays online: what is asked of the gateway. What comes of it is taken in by services/checkout_events.py."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from portal import money, routes
from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.gateways import Asked, Opened, registry
from portal.models.checkouts import Checkout, CheckoutPart, CheckoutStatus
from portal.models.commerce import Order, OrderStatus, Payment, PaymentStatus
from portal.models.people import Guardian
from portal.models.provider import ProviderSettings
from portal.rules.checkout import Least, Owed, Share, can_pay, shares
from portal.rules.conditions import refuse_unless_all
from portal.services import credit, payments_received, provider
from portal.services.desk import Desk
from portal.services.storing import store
from portal.services.turns import take_turns
from portal.services.visibility import of_family

LIFE = timedelta(minutes=40)
"""How long a visit may take; Stripe wants at least thirty minutes."""
WAITING = (CheckoutStatus.OPEN, CheckoutStatus.PROCESSING)
ALL = "all"
CREDIT_WORDS = "Paid with your credit"


@dataclass(frozen=True)
class Wanted:
    """What a family pressed: payments by their public ids, or everything that is due; with its credit or without.

    `shown_minor` is what the button's page said is to pay: the most that is paid by this press.
    """

    payments: tuple[str, ...]
    use_credit: bool = False
    shown_minor: int | None = None


@dataclass(frozen=True)
class Begun:
    """`asked` is to be opened at the gateway; without it the credit has paid everything, or `url` leads on.

    `replaced` are visits at the gateway that nobody wants any more.
    """

    checkout: str = ""
    asked: Asked | None = None
    url: str = ""
    replaced: tuple[tuple[str, str], ...] = ()
    """Each by the gateway it was begun at, which may be another than today's, and its id there."""


class BegunElsewhere(PortalError):
    """The same was pressed in another window, and that one leads on."""

    message_key = "checkout.begun_elsewhere"


def least(settings: ProviderSettings, gateway: str, currency: str) -> Least:
    """What this gateway can be asked for at least."""
    minor = registry.least_minor(gateway, currency)
    return Least(minor, money.show(minor, currency, settings.locale))


def begin(db: Session, actor: Actor, wanted: Wanted, gateway: str, desk: Desk, now: datetime) -> Begun:
    """One transaction: the amounts are counted here, whatever a page said. `gateway` is empty where none is set up."""
    if actor.family_id is None:
        raise NotFound
    take_turns(db, f"checkout {actor.family_id}")
    payments = _payments(db, actor, wanted, now)
    waiting = _waiting(db, actor.family_id, [payment.id or 0 for payment in payments])
    parts = _parts(db, wanted, payments, waiting, gateway)
    here = (one for one in waiting if one.url and one.gateway == gateway)
    again = next((one for one in here if _same(db, one, parts, now)), None)
    if again is not None:
        return Begun(again.public_id, url=again.url)
    replaced = _replace(waiting)
    if not sum(part.amount_minor for part in parts):
        _pay_with_credit(db, actor, parts, now)
        return Begun(replaced=replaced)
    made = _store(db, actor, parts, gateway, payments[0].currency, now)
    return Begun(made.public_id, _asked(db, actor, made, payments, desk), replaced=replaced)


def opened(db: Session, checkout: str, visit: Opened) -> bool:
    """The gateway has opened it: its id, and where the family goes; False where another press has replaced it."""
    found = db.execute(
        select(Checkout).where(col(Checkout.public_id) == checkout).with_for_update()
    ).scalar_one()
    found.external_id, found.url = visit.external_id, visit.url
    db.flush()
    return found.status != CheckoutStatus.EXPIRED


def _payments(db: Session, actor: Actor, wanted: Wanted, now: datetime) -> Sequence[Payment]:
    """Of the family, locked in the order of their ids; NotFound unless each of them is there."""
    which: ColumnElement[bool] = col(Payment.public_id).in_(wanted.payments)
    if wanted.payments == (ALL,):
        today = provider.today(db, now)
        due = (col(Payment.status) == PaymentStatus.UNPAID) & (col(Payment.requested_on) <= today)
        which = due & (col(Payment.currency) == provider.get(db).currency)
    query = (
        select(Payment)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(of_family(Payment, actor), which, col(Order.status) == OrderStatus.STANDING)
        .order_by(col(Payment.id))
        .with_for_update(of=Payment)
    )
    found = db.execute(query.execution_options(populate_existing=True)).scalars().all()
    if wanted.payments != (ALL,) and len(found) < len(set(wanted.payments)):
        raise NotFound
    return sorted(found, key=lambda payment: (payment.due_on, payment.id or 0))


def _parts(
    db: Session, wanted: Wanted, payments: Sequence[Payment], waiting: Sequence[Checkout], gateway: str
) -> tuple[Share, ...]:
    """How each is paid, at the gateway and from the credit; refused with the reason where it cannot be."""
    moving = _moving(db, [payment.id or 0 for payment in payments])
    settings, owed = provider.get(db), [_owed(payment, moving) for payment in payments]
    currency = payments[0].currency if payments else settings.currency
    # The credit is in the provider's currency, and pays nothing in another.
    credited = wanted.use_credit and currency == settings.currency
    available = _available(db, payments[0].family_id, waiting) if credited and payments else 0
    smallest = least(settings, gateway, currency)
    refuse_unless_all(
        can_pay(
            offered=settings.online_payment,
            ready=bool(gateway),
            owed=owed,
            credit_minor=available,
            least=smallest,
            shown_minor=wanted.shown_minor,
        )
    )
    return shares(owed, available, smallest)


def _owed(payment: Payment, moving: Set[int]) -> Owed:
    is_open = payment.status in (PaymentStatus.UNPAID, PaymentStatus.PROCESSING)
    left = max(0, payment.amount_minor - payment.received_minor) if is_open else 0
    return Owed(payment.id or 0, left, payment.id in moving, payment.currency)


def _moving(db: Session, payment_ids: Sequence[int]) -> set[int]:
    """Which of these a gateway has and does not know yet: also one of which a transfer was announced as well."""
    query = (
        select(col(CheckoutPart.payment_id))
        .join(Checkout, col(Checkout.id) == col(CheckoutPart.checkout_id))
        .where(
            col(CheckoutPart.payment_id).in_(payment_ids), col(Checkout.status) == CheckoutStatus.PROCESSING
        )
    )
    return set(db.execute(query).scalars())


def _waiting(db: Session, family_id: int, payment_ids: Sequence[int]) -> Sequence[Checkout]:
    """Visits under way for any of these payments."""
    parts = select(col(CheckoutPart.checkout_id)).where(col(CheckoutPart.payment_id).in_(payment_ids))
    mine = (col(Checkout.family_id) == family_id, col(Checkout.status) == CheckoutStatus.OPEN)
    query = select(Checkout).where(*mine, col(Checkout.id).in_(parts)).order_by(col(Checkout.id))
    return db.execute(query.with_for_update()).scalars().all()


def _available(db: Session, family_id: int, replaced: Sequence[Checkout]) -> int:
    """The family's credit, less what other visits under way have been promised of it."""
    promised = select(func.coalesce(func.sum(col(Checkout.credit_minor)), 0)).where(
        col(Checkout.family_id) == family_id,
        col(Checkout.status).in_(WAITING),
        col(Checkout.id).not_in([one.id for one in replaced]),
    )
    return credit.balance(db, family_id) - int(db.execute(promised).scalar_one())


def _same(db: Session, checkout: Checkout, parts: Sequence[Share], now: datetime) -> bool:
    """Pressed twice: what is asked for now is what was asked for then, and there is time to pay it."""
    if checkout.expires_at <= now + timedelta(minutes=5):
        return False
    asked = select(CheckoutPart).where(col(CheckoutPart.checkout_id) == checkout.id)
    then = {(one.payment_id, one.amount_minor, one.credit_minor) for one in db.execute(asked).scalars()}
    return then == {(one.payment_id, one.amount_minor, one.credit_minor) for one in parts}


def _replace(waiting: Sequence[Checkout]) -> tuple[tuple[str, str], ...]:
    for one in waiting:
        one.status = CheckoutStatus.EXPIRED
    return tuple((one.gateway, one.external_id) for one in waiting if one.external_id)


def _pay_with_credit(db: Session, actor: Actor, parts: Sequence[Share], now: datetime) -> None:
    for part in parts:
        if part.credit_minor:
            payments_received.use_credit(db, actor, part.payment_id, part.credit_minor, CREDIT_WORDS, now)


def _store(
    db: Session, actor: Actor, parts: Sequence[Share], gateway: str, currency: str, now: datetime
) -> Checkout:
    made = Checkout(
        family_id=actor.family_id or 0,
        guardian_id=actor.guardian_id,
        gateway=gateway,
        amount_minor=sum(part.amount_minor for part in parts),
        credit_minor=sum(part.credit_minor for part in parts),
        currency=currency,
        created_at=now,
        expires_at=now + LIFE,
    )
    checkout_id = store(db, made)
    for part in parts:
        if part.amount_minor or part.credit_minor:
            values = {"amount_minor": part.amount_minor, "credit_minor": part.credit_minor}
            store(
                db,
                CheckoutPart(
                    family_id=made.family_id, checkout_id=checkout_id, payment_id=part.payment_id, **values
                ),
            )
    return made


def _asked(db: Session, actor: Actor, made: Checkout, payments: Sequence[Payment], desk: Desk) -> Asked:
    guardian = db.get_one(Guardian, actor.guardian_id)
    words = payments[0].label if len(payments) == 1 else f"{len(payments)} payments"
    return Asked(
        key=made.public_id,
        amount_minor=made.amount_minor,
        currency=made.currency,
        words=f"{words}, {provider.get(db).name}",
        email=guardian.email,
        back_url=f"{desk.public_url}{routes.checkout(made.public_id)}",
        expires_at=made.expires_at,
    )
