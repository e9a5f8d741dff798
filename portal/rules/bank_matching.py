"""What a bank line is for, and how sure that is. The way is written in docs/bank-statements.md.

1. A reference or variable symbol of ours names payments, an order, or a family.
2. Without one, the payer: an account or a name that one family is known by, and the amount of one open payment.
3. Anything less sure waits for a person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from portal.rules.bank_lines import BankEntry

SURE_ENOUGH = 80
"""From here on a line is matched by itself."""


class Confidence(IntEnum):
    """How sure it is, of a hundred."""

    REFERENCE_AND_AMOUNT = 100
    REFERENCE = 95
    FAMILY_REFERENCE = 95
    SEVERAL_REFERENCES = 92
    ORDER = 90
    ACCOUNT_AND_AMOUNT = 88
    NAME_AND_AMOUNT = 80
    AMOUNT = 40
    NOTHING = 0


@dataclass(frozen=True)
class Candidate:
    """A payment as the matching sees it; `open_minor` is 0 for what is settled."""

    id: int
    family_id: int
    order_id: int
    open_minor: int
    currency: str
    due_on: date


@dataclass(frozen=True)
class Evidence:
    """What was found for one line."""

    named: Sequence[Candidate] = ()
    """Payments whose own reference or symbol it says."""
    ordered: Sequence[Candidate] = ()
    """Open payments of an order whose number it says."""
    families: Collection[int] = ()
    """Families whose own reference it says."""
    by_account: Collection[int] = ()
    """Families that paid from this account before."""
    by_name: Collection[int] = ()
    """Families in which somebody has the payer's name."""
    same_amount: Sequence[Candidate] = ()
    """Open payments of anybody, of exactly this amount."""


@dataclass(frozen=True)
class Decision:
    """Payments to settle in this order; or the family that gets credit for what is not due; or neither: it waits."""

    payments: tuple[Candidate, ...] = ()
    family_id: int | None = None
    confidence: int = 0
    reason: str = ""

    @property
    def waits(self) -> bool:
        """A person has to look."""
        return self.confidence < SURE_ENOUGH or (not self.payments and self.family_id is None)


def decide(entry: BankEntry, evidence: Evidence, currency: str) -> Decision:
    """By reference, then by payer and amount; money in another currency than the provider's always waits."""
    if entry.currency != currency:
        return Decision(reason=f"It is in {entry.currency}, and payments are in {currency}.")
    named = _by_reference(entry, evidence) or _by_family(evidence) or _by_order(entry, evidence)
    found = named or _by_payer(evidence)
    if found is not None:
        return found
    guesses = tuple(evidence.same_amount)
    if len(guesses) == 1:
        return Decision(
            guesses, guesses[0].family_id, Confidence.AMOUNT, "Only the amount fits, of one payment."
        )
    return Decision(reason="No reference of ours, and no payer we know.")


def _by_reference(entry: BankEntry, evidence: Evidence) -> Decision | None:
    named = tuple(sorted(evidence.named, key=lambda one: (one.due_on, one.id)))
    if not named:
        return None
    if len(named) == 1:
        exact = named[0].open_minor == entry.amount_minor
        sure = Confidence.REFERENCE_AND_AMOUNT if exact else Confidence.REFERENCE
        return Decision(named, named[0].family_id, sure, "Its reference.")
    if (
        sum(one.open_minor for one in named) == entry.amount_minor
        and len({one.family_id for one in named}) == 1
    ):
        return Decision(
            named, named[0].family_id, Confidence.SEVERAL_REFERENCES, "Their references and their sum."
        )
    exact_ones = tuple(one for one in named if one.open_minor == entry.amount_minor)
    if len(exact_ones) == 1:
        return Decision(
            exact_ones,
            exact_ones[0].family_id,
            Confidence.REFERENCE_AND_AMOUNT,
            "Its reference and its amount.",
        )
    return Decision(reason="Several payments are named, and the amount is of none of them.")


def _by_family(evidence: Evidence) -> Decision | None:
    if not evidence.families:
        return None
    if len(evidence.families) > 1:
        return Decision(reason="Several families are named.")
    family_id = next(iter(evidence.families))
    return Decision((), family_id, Confidence.FAMILY_REFERENCE, "The family's own reference.")


def _by_order(entry: BankEntry, evidence: Evidence) -> Decision | None:
    ordered = tuple(sorted(evidence.ordered, key=lambda one: (one.due_on, one.id)))
    if not ordered:
        return None
    if len({one.order_id for one in ordered}) > 1:
        return Decision(reason="Several orders are named.")
    fits = [one for one in ordered if one.open_minor == entry.amount_minor]
    chosen = fits[:1] or list(ordered)
    return Decision(tuple(chosen), chosen[0].family_id, Confidence.ORDER, "The number of its order.")


def _by_payer(evidence: Evidence) -> Decision | None:
    ways = (
        (
            evidence.by_account,
            Confidence.ACCOUNT_AND_AMOUNT,
            "An account they paid from before, and the amount.",
        ),
        (evidence.by_name, Confidence.NAME_AND_AMOUNT, "The payer's name, and the amount."),
    )
    for families, sure, reason in ways:
        fits = [one for one in evidence.same_amount if one.family_id in families]
        if len(fits) == 1:
            return Decision(tuple(fits), fits[0].family_id, sure, reason)
        if len(fits) > 1:
            return Decision(tuple(fits), None, Confidence.AMOUNT, "Several open payments have this amount.")
        if len(families) == 1:
            return Decision(
                (),
                next(iter(families)),
                Confidence.AMOUNT,
                "We know the payer, but no open payment has this amount.",
            )
    return None
