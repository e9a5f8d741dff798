"""The sheet in which a place that is kept for a family is taken, or given up."""

from dataclasses import dataclass

from portal.rows.common import Fact


@dataclass(frozen=True)
class OfferSheet:
    """What is offered, for how much, what changes, until when, and how to say no."""

    booking: str = ""
    title: str = ""
    why: str = ""
    facts: tuple[Fact, ...] = ()
    terms: str = ""
    accept: str = ""
    decline: str = ""


@dataclass(frozen=True)
class Answered:
    """What was done, and the booking that shows it."""

    booking: str = ""
    words: str = ""
