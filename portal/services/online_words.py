"""Paying online, in words: what the buttons say and what is told afterwards."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from portal import i18n
from portal.gateways import registry
from portal.models.benefits import CreditEntry
from portal.models.checkouts import Checkout, CheckoutStatus
from portal.rows.online import PayOnline, Told
from portal.rules.checkout import Owed, can_pay, shares
from portal.rules.conditions import first_unmet
from portal.services.checkouts import ALL
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene
from portal.services.visibility import of_family

_OUR_KEYS = ("checkout.", "payments.", "credit.", "error.")
_COMES_BACK = "You go to a secure payment page and come straight back. The status here changes by itself."
_TOLD = {
    CheckoutStatus.OPEN: Told(
        "We are waiting for the payment page",
        "If you have paid, this changes by itself in a moment. If you have not, nothing was taken.",
        "plain",
        "hourglass",
    ),
    CheckoutStatus.PROCESSING: Told(
        "Your money is on its way", "The status here changes by itself when it arrives.", "plain", "hourglass"
    ),
    CheckoutStatus.PAID: Told("Thank you", "Your payment has arrived.", "good", "circle-check"),
    CheckoutStatus.EXPIRED: Told(
        "Nothing was paid", "The payment was not finished. You can try again whenever you like.", "warn"
    ),
}


class Online:
    """What this family can do online now; made with one query."""

    def __init__(self, scene: Scene, credit_minor: int, told: Told) -> None:
        self.told = told
        self._scene = scene
        self._credit = credit_minor

    def of_payment(self, fact: PaymentFact) -> PayOnline:
        """The form of one payment that waits."""
        return self._form((fact,), fact.public_id, "Pay {amount} online")

    def of_all(self, waiting: Sequence[PaymentFact]) -> PayOnline:
        """The form of everything that is due, where that is more than one payment."""
        if len(waiting) < 2:
            return PayOnline()
        word = "both" if len(waiting) == 2 else "all"
        return self._form(waiting, ALL, f"Pay {word}, {{amount}}")

    def _form(self, facts: Sequence[PaymentFact], payments: str, label: str) -> PayOnline:
        scene = self._scene
        owed = [Owed(fact.id, fact.open_minor if fact.to_pay else 0) for fact in facts]
        conditions = can_pay(offered=scene.provider.online_payment, ready=bool(registry.in_use()), owed=owed)
        if scene.actor.family_id is None or first_unmet(conditions) is not None:
            return PayOnline()
        total = sum(one.left_minor for one in owed)
        rest = sum(part.amount_minor for part in shares(owed, self._credit))
        currency = facts[0].currency
        whole, less = scene.money(total, currency), scene.money(rest, currency)
        made = PayOnline(payments, label.format(amount=whole), note=_COMES_BACK)
        if self._credit <= 0:
            return made
        available = scene.money(self._credit, currency)
        so = f"so you would pay {less}" if rest else "which pays all of it"
        return PayOnline(
            payments,
            label.format(amount=whole),
            label.format(amount=less) if rest else f"Pay {whole} with your credit",
            f"{available} available, {so}",
            f"Use {available} credit",
            _COMES_BACK,
        )


def online(db: Session, scene: Scene, asked: Mapping[str, str]) -> Online:
    """One query: the family's credit, and the visit that `asked` says one comes back from."""
    newest = (
        select(col(CreditEntry.balance_minor))
        .where(of_family(CreditEntry, scene.actor))
        .order_by(col(CreditEntry.serial).desc())
        .limit(1)
    )
    visit = select(col(Checkout.status)).where(
        of_family(Checkout, scene.actor), col(Checkout.public_id) == asked.get("checkout", "")
    )
    credit, status = db.execute(select(newest.scalar_subquery(), visit.scalar_subquery())).one()
    return Online(scene, credit or 0, _told(asked.get("problem", ""), status))


def _told(problem: str, status: str | None) -> Told:
    """A refusal's words; what the address says is a key, and never a text."""
    if problem.startswith(_OUR_KEYS) and i18n.known(problem):
        return Told("That could not be paid", i18n.say(problem))
    return _TOLD[CheckoutStatus(status)] if status else Told()
