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
    currency: str = ""


@dataclass(frozen=True)
class Least:
    """The smallest amount the gateway can be asked for, and the same in words."""

    minor: int = 1
    words: str = ""


ANYTHING = Least()


@dataclass(frozen=True)
class Share:
    """How one payment is paid: so much at the gateway, so much from the credit."""

    payment_id: int
    amount_minor: int
    credit_minor: int


def can_pay(
    *,
    offered: bool,
    ready: bool,
    owed: Sequence[Owed],
    credit_minor: int = 0,
    least: Least = ANYTHING,
    shown_minor: int | None = None,
) -> Sequence[Condition]:
    """`offered` by the provider, `ready` with a gateway, something left to pay, none of it on its way.

    And in one currency, not more than was `shown`, and what the credit leaves is nothing or as much as the gateway
    can be asked for.
    """
    total = sum(one.left_minor for one in owed)
    rest = sum(part.amount_minor for part in shares(owed, credit_minor, least))
    return (
        Condition("checkout.not_offered", offered),
        Condition("checkout.not_ready", ready),
        Condition("checkout.nothing_to_pay", any(one.left_minor for one in owed)),
        Condition("checkout.on_its_way", not any(one.under_way for one in owed)),
        Condition("checkout.one_currency", len({one.currency for one in owed}) <= 1),
        Condition("checkout.dearer", shown_minor is None or total <= shown_minor),
        Condition("checkout.too_small", not rest or rest >= least.minor, values={"amount": least.words}),
    )


def shares(owed: Sequence[Owed], credit_minor: int, least: Least = ANYTHING) -> tuple[Share, ...]:
    """The credit pays the first ones as far as it goes; what is left of each is paid at the gateway. Sums are exact.

    Credit that would leave less than the gateway can be asked for keeps as much back as makes it enough.
    """
    made, left = [], _usable(sum(one.left_minor for one in owed), max(0, credit_minor), least.minor)
    for one in owed:
        by_credit = min(left, one.left_minor)
        left -= by_credit
        made.append(Share(one.payment_id, one.left_minor - by_credit, by_credit))
    return tuple(made)


def _usable(total_minor: int, credit_minor: int, least_minor: int) -> int:
    if total_minor - credit_minor <= 0:
        return total_minor
    return max(0, min(credit_minor, total_minor - least_minor))
