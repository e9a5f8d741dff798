"""Orders in words: what was bought, for whom, and where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import i18n
from portal.models.commerce import PaymentMethod
from portal.rows.common import Chip
from portal.rules.payments import OrderState, PaymentState
from portal.services import payment_words as words
from portal.services.facts.orders import OrderFact
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene

PAID = Chip("good", "circle-check", "Paid")
CANCELLED = Chip("", "circle-minus", "Cancelled", bare=True)
ANNOUNCED = Chip("", "hourglass", "Bank transfer announced", bare=True)


@dataclass(frozen=True)
class Bought:
    """An order with its payments, by instalment."""

    order: OrderFact
    payments: Sequence[PaymentFact]

    @property
    def state(self) -> OrderState:
        """By the most pressing of its payments."""
        if self.payments:
            return words.standing(self.payments)
        return OrderState.PAID if self.order.stands else OrderState.CANCELLED

    @property
    def received_minor(self) -> int:
        """Money and credit that came for it."""
        return sum(fact.received_minor for fact in self.payments)

    @property
    def credit_minor(self) -> int:
        """What credit paid of that."""
        return sum(fact.credit_minor for fact in self.payments)

    @property
    def open_minor(self) -> int:
        """What is still to come."""
        return sum(fact.open_minor for fact in self.payments if fact.state is not PaymentState.VOID)

    @property
    def refunded_minor(self) -> int:
        """What went back to the family."""
        return sum(fact.refunded_minor for fact in self.payments)

    @property
    def money_minor(self) -> int:
        """Its total without what credit paid; all of it when credit paid everything."""
        return self.order.total_minor - self.credit_minor or self.order.total_minor


def title(scene: Scene, order: OrderFact) -> str:
    """ "Ballet Foundations, Juno", "Open Swim pass, swim cap"."""
    first, *others = dict.fromkeys(line.label for line in order.lines)
    whose = {words.face(scene, line.member_id).name for line in order.lines}
    who = whose.pop() if len(whose) == 1 else ""
    return ", ".join(part for part in (first, *map(words.within_a_sentence, others), who) if part)


def chips(scene: Scene, bought: Bought) -> tuple[Chip, ...]:
    """How much of it is paid, when that is a part, and the status of what is most pressing."""
    stands = status(scene, bought)
    return (*_partly(scene, bought), stands, *(chip for chip in _refunded(bought) if chip != stands))


def status(scene: Scene, bought: Bought) -> Chip:
    """The most pressing of its payments."""
    match bought.state:
        case OrderState.PAID:
            return went_back(bought) or Chip(PAID.tone, PAID.icon, PAID.word, bare=True)
        case OrderState.CANCELLED:
            return CANCELLED
        case OrderState.ON_ITS_WAY:
            moving = [fact for fact in bought.payments if fact.state is PaymentState.PROCESSING]
            by_bank = all(fact.method == PaymentMethod.BANK_TRANSFER for fact in moving)
            return ANNOUNCED if by_bank else words.CHIPS[PaymentState.PROCESSING]
    pressing = PaymentState.UPCOMING if bought.state is OrderState.LATER else None
    waiting = [fact for fact in bought.payments if fact.to_pay or fact.state is pressing]
    return words.payment_chip(scene, min(waiting, key=lambda fact: fact.due_on))


def _partly(scene: Scene, bought: Bought) -> tuple[Chip, ...]:
    """ "€62.00 of €186.00 paid"."""
    if not (bought.received_minor and bought.open_minor):
        return ()
    currency = bought.order.currency
    part, whole = (
        scene.money(bought.received_minor, currency),
        scene.money(bought.order.total_minor, currency),
    )
    quiet = bought.state is not OrderState.TO_PAY
    return (Chip("" if quiet else "warn", "circle-dashed", f"{part} of {whole} paid", bare=quiet),)


def went_back(bought: Bought) -> Chip | None:
    """For an order of which all that came went back: it is paid no more."""
    whole = 0 < bought.refunded_minor == bought.received_minor
    return words.CHIPS[PaymentState.REFUNDED] if whole else None


def _refunded(bought: Bought) -> tuple[Chip, ...]:
    if not bought.refunded_minor:
        return ()
    return (went_back(bought) or words.PARTLY_REFUNDED,)


def not_taken_off(refused: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """ "Sibling discount: This discount starts with the second child in classes. ...", each told once."""
    return tuple(f"{label}: {i18n.say(reason)}" for label, reason in dict.fromkeys(refused))
