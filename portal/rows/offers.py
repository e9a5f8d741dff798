"""The sheet in which a place that is kept for a family is taken, or given up."""

from dataclasses import dataclass

from portal.rows.common import Fact, Shown


@dataclass(frozen=True)
class OfferSheet(Shown):
    """What is offered, for how much, what changes, until when, and how to say no."""

    booking: str = ""
    title: str = ""
    why: str = ""
    facts: tuple[Fact, ...] = ()
    not_taken_off: tuple[str, ...] = ()
    """Each discount that does not come off, with the reason."""
    asks_code: bool = False
    code: str = ""
    """The voucher code that the price is less."""
    code_error: str = ""
    total_minor: int = 0
    """The price as it stands here: the most that is charged."""
    taken_off: tuple[str, ...] = ()
    """The names of the discounts in it."""
    terms: str = ""
    accept: str = ""
    decline: str = ""


@dataclass(frozen=True)
class Answered:
    """What was done, and the booking that shows it."""

    booking: str = ""
    words: str = ""
