"""Paying online: what must hold before a family is sent to the gateway, and how credit shares the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.rules.conditions import Condition


@dataclass(frozen=True)
class Owed:
    """One payment as it is to be paid now; `under_way`: a gateway already has it."""

    payment_id: int
    left_minor: int
    under_way: bool = False


@dataclass(frozen=True)
class Share:
    """How one payment is paid: so much at the gateway, so much from the credit."""

    payment_id: int
    amount_minor: int
    credit_minor: int


def can_pay(*, offered: bool, ready: bool, owed: Sequence[Owed]) -> Sequence[Condition]:
    """`offered` by the provider, `ready` with a gateway, something left to pay, and none of it on its way."""
    return (
        Condition("checkout.not_offered", offered),
        Condition("checkout.not_ready", ready),
        Condition("checkout.nothing_to_pay", any(one.left_minor for one in owed)),
        Condition("checkout.on_its_way", not any(one.under_way for one in owed)),
    )


def shares(owed: Sequence[Owed], credit_minor: int) -> tuple[Share, ...]:
    """The credit pays the first ones as far as it goes; what is left of each is paid at the gateway. Sums are exact."""
    made, left = [], max(0, credit_minor)
    for one in owed:
        by_credit = min(left, one.left_minor)
        left -= by_credit
        made.append(Share(one.payment_id, one.left_minor - by_credit, by_credit))
    return tuple(made)
