"""What an order costs, and why: docs/pricing.md in code. Lines and discounts in, the price receipt out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.rules.benefits import Standing, discount_standing
from portal.rules.conditions import Condition, first_unmet
from portal.rules.discounts import taken_off


class OfferKind(StrEnum):
    """Where a discount comes from, in the order in which they are taken off."""

    SIBLING = "sibling"
    LOYALTY = "loyalty"
    GRANTED = "granted"
    VOUCHER = "voucher"


ORDER = tuple(OfferKind)
OF_CLASSES = frozenset({OfferKind.SIBLING, OfferKind.LOYALTY})
"""These are for attending classes, not for goods and passes."""


@dataclass(frozen=True)
class Offer:
    """A discount as it stands: a percentage or an amount; `id` tells it from others of its kind."""

    id: int
    kind: OfferKind
    label: str
    currency: str
    valid_from: date
    valid_until: date | None = None
    percent_basis_points: int | None = None
    amount_minor: int | None = None
    uses_left: int | None = None
    member_id: int | None = None
    automatic: bool = False
    """It comes off by itself, if its rule holds; one that somebody named does not ask for it."""


@dataclass(frozen=True)
class Line:
    """What is bought, before anything is taken off it.

    `sessions_left` of `sessions_all` are still to come for who joins late. `sibling`: another member of the family
    has classes; `returning`: this one has completed a course.
    """

    unit_minor: int
    quantity: int = 1
    member_id: int | None = None
    is_class: bool = False
    is_credit: bool = False
    sessions_left: int = 1
    sessions_all: int = 1
    sibling: bool = False
    returning: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Step:
    """A discount looked at: what it found, what it took off, or the key of the reason why it did not."""

    offer: Offer
    before_minor: int
    off_minor: int = 0
    reason: str = ""


@dataclass(frozen=True)
class PricedLine:
    """A line at the price of the sessions still to come, and its discounts in their order."""

    line: Line
    unit_minor: int
    steps: tuple[Step, ...]

    @property
    def price_minor(self) -> int:
        """Before discounts."""
        return self.unit_minor * self.line.quantity

    @property
    def left_minor(self) -> int:
        """After discounts of the line."""
        return self.price_minor - sum(step.off_minor for step in self.steps)


@dataclass(frozen=True)
class Receipt:
    """The price receipt: lines, the vouchers on all of them together, and the total that follows."""

    lines: tuple[PricedLine, ...]
    steps: tuple[Step, ...] = ()

    @property
    def total_minor(self) -> int:
        """What is to pay."""
        return sum(line.left_minor for line in self.lines) - sum(step.off_minor for step in self.steps)

    @property
    def refused(self) -> tuple[Step, ...]:
        """What was looked at and not taken off, in the order in which it was looked at."""
        return tuple(step for step in self.steps_in_order() if step.reason)

    @property
    def taken(self) -> tuple[Step, ...]:
        """What was taken off, in that order."""
        return tuple(step for step in self.steps_in_order() if not step.reason)

    def steps_in_order(self) -> Iterator[Step]:
        """Every discount that was looked at."""
        for line in self.lines:
            yield from line.steps
        yield from self.steps


@dataclass(frozen=True)
class Shown:
    """What a family was shown before it pressed: the total, and the names of the discounts in it."""

    total_minor: int
    taken_off: tuple[str, ...] = ()


def not_dearer(receipt: Receipt, before: Shown) -> list[Condition]:
    """Nobody is charged more than they were shown: what must hold at the press, and what fell away since."""
    same = receipt.total_minor <= before.total_minor
    gone = next((step.offer.label for step in receipt.refused if step.offer.label in before.taken_off), "")
    return [
        Condition("pricing.discount_gone", same or not gone, values={"discount": gone}),
        Condition("pricing.dearer", same),
    ]


def prorated(unit_minor: int, sessions_left: int, sessions_all: int) -> int:
    """The price of the sessions still to come; half a cent counts as a cent."""
    if not 0 <= sessions_left <= sessions_all or not sessions_all:
        raise ValueError("as many sessions are to come as the course has, or fewer")
    return (2 * unit_minor * sessions_left + sessions_all) // (2 * sessions_all)


def price(lines: Sequence[Line], vouchers: Sequence[Offer], currency: str, today: date) -> Receipt:
    """The receipt: each line with its own discounts, then vouchers on what is left of all of them."""
    spent: Counter[Offer] = Counter()
    priced = tuple(_line(line, currency, today, spent) for line in lines)
    # Prepaid money is bought at its worth: a voucher does not make credit out of nothing.
    base = sum(one.left_minor for one in priced if not one.line.is_credit)
    return Receipt(priced, tuple(_steps(sorted(vouchers, key=_turn), base, None, currency, today, spent)))


def fits(offer: Offer, line: Line | None, currency: str, today: date) -> list[Condition]:
    """Whether a discount may be taken off this line (None: off the whole order), and if not, why."""
    standing = discount_standing(offer.valid_from, offer.valid_until, offer.uses_left, today)
    rule = offer.kind if offer.automatic else None
    of_class = line is None or line.is_class or rule not in OF_CLASSES
    for_whom = line is None or offer.member_id in (None, line.member_id)
    sibling = rule is not OfferKind.SIBLING or (line is not None and line.sibling)
    returning = rule is not OfferKind.LOYALTY or (line is not None and line.returning)
    return [
        Condition("pricing.credit_is_worth_itself", line is None or not line.is_credit),
        Condition("pricing.not_yet", standing is not Standing.NOT_YET),
        Condition("pricing.expired", standing is not Standing.EXPIRED),
        Condition("pricing.used_up", standing is not Standing.USED_UP),
        Condition("pricing.other_currency", offer.amount_minor is None or offer.currency == currency),
        Condition("pricing.other_member", for_whom),
        Condition("pricing.classes_only", of_class),
        Condition("pricing.no_sibling", sibling),
        Condition("pricing.first_course", returning),
    ]


def _line(line: Line, currency: str, today: date, spent: Counter[Offer]) -> PricedLine:
    unit = prorated(line.unit_minor, line.sessions_left, line.sessions_all)
    steps = _steps(sorted(line.offers, key=_turn), unit * line.quantity, line, currency, today, spent)
    return PricedLine(line, unit, tuple(steps))


def _steps(
    offers: Sequence[Offer], left: int, line: Line | None, currency: str, today: date, spent: Counter[Offer]
) -> Iterator[Step]:
    """Each discount from what the ones before it have left; one with nothing to take is not spent."""
    for offer in offers:
        uses = None if offer.uses_left is None else offer.uses_left - spent[offer]
        off = taken_off(left, offer.percent_basis_points, offer.amount_minor)
        broken = first_unmet(
            [
                *fits(replace(offer, uses_left=uses), line, currency, today),
                Condition("pricing.nothing_left", off > 0),
            ]
        )
        if broken:
            yield Step(offer, left, reason=broken.message_key)
            continue
        spent[offer] += 1
        yield Step(offer, left, off)
        left -= off


def _turn(offer: Offer) -> tuple[int, bool, int]:
    """By kind; of one kind percentages before amounts, then the one that is older."""
    return ORDER.index(offer.kind), offer.percent_basis_points is None, offer.id
