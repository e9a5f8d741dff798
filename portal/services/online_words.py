"""Paying online, in words: what the buttons say and what is told afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from portal import i18n
from portal.gateways import registry
from portal.models.benefits import CreditEntry
from portal.models.checkouts import Checkout, CheckoutStatus
from portal.rows.online import PayOnline, Told
from portal.rules.checkout import Least, Owed, can_pay, shares
from portal.rules.conditions import Condition, first_unmet
from portal.services.checkouts import ALL, least
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene
from portal.services.visibility import of_family

_OUR_KEYS = ("checkout.", "payments.", "credit.", "error.")
_TOO_SMALL = "checkout.too_small"
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
        """The form of everything that is due in the provider's currency, where that is more than one payment."""
        together = [fact for fact in waiting if fact.currency == self._scene.provider.currency]
        if len(together) < 2:
            return PayOnline()
        word = "both" if len(together) == 2 else "all"
        return self._form(together, ALL, f"Pay {word}, {{amount}}")

    def _form(self, facts: Sequence[PaymentFact], payments: str, label: str) -> PayOnline:
        scene, currency = self._scene, facts[0].currency
        if scene.actor.family_id is None:
            return PayOnline()
        owed = [Owed(fact.id, fact.open_minor if fact.to_pay else 0) for fact in facts]
        credit = self._credit if currency == scene.provider.currency else 0
        smallest = least(scene.provider, registry.chosen(), currency)
        refused, even_then = (_refused(scene, owed, used, smallest) for used in (0, credit))
        if even_then is not None:
            told = i18n.say(_TOO_SMALL, even_then.values) if even_then.message_key == _TOO_SMALL else ""
            return PayOnline(why=told)
        total = sum(one.left_minor for one in owed)
        whole = scene.money(total, currency)
        if refused is not None:
            note = f"Card payments start at {smallest.words}, so your credit pays this."
            return PayOnline(
                payments, f"Pay {whole} with your credit", note=note, only_credit="yes", shown=str(total)
            )
        made = PayOnline(payments, label.format(amount=whole), note=_COMES_BACK, shown=str(total))
        return self._with_credit(made, owed, label, smallest) if credit > 0 else made

    def _with_credit(self, made: PayOnline, owed: Sequence[Owed], label: str, smallest: Least) -> PayOnline:
        """The same form with the switch, and what the button says then."""
        money, parts = self._scene.money, shares(owed, self._credit, smallest)
        rest, used = (sum(one.amount_minor for one in parts), sum(one.credit_minor for one in parts))
        whole, less, available = money(rest + used), money(rest), money(self._credit)
        so = f"so you would pay {less}" if rest else "which pays all of it"
        if rest and used < self._credit:
            so = f"{so}, the least a card payment can be"
        return replace(
            made,
            with_credit=label.format(amount=less) if rest else f"Pay {whole} with your credit",
            credit=f"{available} available, {so}",
            credit_switch=f"Use {available} credit",
        )


def _refused(scene: Scene, owed: Sequence[Owed], credit_minor: int, smallest: Least) -> Condition | None:
    conditions = can_pay(
        offered=scene.provider.online_payment,
        ready=bool(registry.chosen()),
        owed=owed,
        credit_minor=credit_minor,
        least=smallest,
    )
    return first_unmet(conditions)


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
    return Online(scene, credit or 0, _told(scene, asked.get("problem", ""), status))


def _told(scene: Scene, problem: str, status: str | None) -> Told:
    """A refusal's words; what the address says is a key, and never a text."""
    if problem.startswith(_OUR_KEYS) and i18n.known(problem):
        smallest = least(scene.provider, registry.chosen(), scene.provider.currency)
        return Told("That could not be paid", i18n.say(problem, {"amount": smallest.words}))
    return _TOLD[CheckoutStatus(status)] if status else Told()
