"""The benefits page: make-ups, passes, credit and discounts of the family, and where each one went."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeVar

from sqlmodel import Session

from portal import routes
from portal.actor import Actor
from portal.models.discounts import Discount
from portal.rows import benefits as rows
from portal.rows.common import Link, Segment
from portal.services import benefit_rows
from portal.services.benefit_words import available, discount_name, discount_open, usable, usable_now
from portal.services.facts.benefit_histories import (
    CreditFact,
    DiscountUse,
    Movement,
    OrderRef,
    credit_ledger,
    discount_histories,
    make_up_histories,
    pass_histories,
)
from portal.services.facts.benefits import MakeUpFact, PassFact
from portal.services.make_up_sheet import openings_of
from portal.services.scene import MemberFact, Scene, set_scene, whose
from portal.words import listed

SHOWN = 6
"""Rows of a list for each member, and for the family, before "Show all"."""
SHOWN_CREDIT = 8
USE_CREDIT = "Choose “Use your credit” when you pay. "
NO_CREDIT = "When we cancel a session, or you pay more than is due, the money waits here."
NOTHING: Mapping[str, str] = MappingProxyType({})


class _Owned(Protocol):
    @property
    def member(self) -> str: ...


_Row = TypeVar("_Row", bound=_Owned)
_MakeUps = Sequence[tuple[MakeUpFact, Sequence[Movement]]]
_Passes = Sequence[tuple[PassFact, OrderRef | None, Sequence[Movement]]]
_Discounts = Sequence[tuple[Discount, Sequence[DiscountUse]]]


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str] = NOTHING) -> rows.BenefitsView:
    """Six queries with the scene's one, however much there is; asked for `all`, no list is cut short."""
    scene = set_scene(db, actor, now)
    everything = bool(asked.get("all"))
    make_ups, passes, ledger = (
        make_up_histories(db, scene),
        pass_histories(db, scene),
        credit_ledger(db, scene),
    )
    discounts = discount_histories(db, scene)
    credit = _credit(scene, ledger, everything)
    return rows.BenefitsView(
        jumps=tuple(_jumps(scene, make_ups, passes, credit.balance, discounts, who) for who in scene.choices),
        make_ups=_make_ups(db, scene, make_ups, everything),
        passes=_passes(scene, passes, everything),
        credit=credit,
        discounts=_discounts(scene, discounts, everything),
        note=_note(scene, passes, discounts),
        shares_only=actor.family_id is None,
    )


def _jumps(
    scene: Scene,
    make_ups: _MakeUps,
    passes: _Passes,
    balance: str,
    discounts: _Discounts,
    who: MemberFact | None,
) -> rows.JumpBar:
    usable_by_kind = usable_now(
        scene, [one for one, _ in make_ups], [one for one, *_ in passes], [one for one, _ in discounts], who
    )
    make_up_count, pass_count, discount_count = (str(len(found)) for found in usable_by_kind)
    bar = (
        Segment("#make-ups", "Make-ups", make_up_count, icon="repeat-2"),
        Segment("#passes", "Passes", pass_count, icon="ticket"),
        Segment("#credit", "Credit", balance, icon="coins"),
        Segment("#discounts", "Discounts", discount_count, icon="badge-percent"),
    )
    return rows.JumpBar(whose(who), bar)


def _make_ups(db: Session, scene: Scene, found: _MakeUps, everything: bool) -> rows.MakeUps:
    past = [pair for pair in found if not available(scene, pair[0])]
    waiting = [pair for pair in found if available(scene, pair[0])]
    openings = openings_of(db, scene, [fact for fact, _ in waiting])
    shown = tuple(benefit_rows.make_up_row(scene, *pair) for pair in past)
    kept = shown if everything else _first_of_each(shown)
    return rows.MakeUps(
        waiting=tuple(
            benefit_rows.waiting_make_up(scene, *pair, openings[pair[0].booking_id]) for pair in waiting
        ),
        rows=kept,
        nothing=_nothing(
            scene,
            {fact.member_id for fact, _ in found},
            "make-ups",
            "You get one when you cancel a class in time and the class offers make-ups.",
        ),
        more=_more(kept, shown, "make-ups"),
    )


def _passes(scene: Scene, found: _Passes, everything: bool) -> rows.Passes:
    counted = [one for one in found if usable(scene, one[0]) and one[0].entries_total is not None]
    others = tuple(benefit_rows.pass_row(scene, *one) for one in found if one not in counted)
    kept = others if everything else _first_of_each(others)
    return rows.Passes(
        open=tuple(benefit_rows.open_pass(scene, *one) for one in counted),
        rows=kept,
        nothing=_nothing(
            scene,
            {fact.member_id for fact, *_ in found},
            "passes",
            "An entry pass or a punch card appears here once it is bought, with every entry used.",
        ),
        more=_more(kept, others, "passes"),
    )


def _credit(scene: Scene, ledger: Sequence[CreditFact], everything: bool) -> rows.Credit:
    lines = tuple(benefit_rows.credit_line(scene, fact, newest=fact is ledger[0]) for fact in ledger)
    kept = lines if everything else lines[:SHOWN_CREDIT]
    balance = ledger[0].balance_minor if ledger else 0
    return rows.Credit(
        balance=scene.money(balance, ledger[0].currency if ledger else None),
        words=_about_credit(scene) if balance else NO_CREDIT,
        lines=kept,
        more=_more(kept, lines, "lines", "credit"),
    )


def _about_credit(scene: Scene) -> str:
    """It is used where one pays online."""
    return f"{USE_CREDIT if scene.provider.online_payment else ''}It does not run out."


def _discounts(scene: Scene, found: _Discounts, everything: bool) -> rows.Discounts:
    shown = tuple(benefit_rows.discount_row(scene, *pair) for pair in found)
    kept = shown if everything else _first_of_each(shown)
    return rows.Discounts(
        rows=kept,
        nothing=_nothing(
            scene,
            {discount.member_id for discount, _ in found},
            "discounts",
            "Sibling discounts and vouchers appear here, with the order each was used in.",
        ),
        more=_more(kept, shown, "discounts"),
    )


def _first_of_each(shown: Iterable[_Row]) -> tuple[_Row, ...]:
    """At most SHOWN rows of each member, so that no choice of the switcher looks empty when it is not."""
    so_far: Counter[str] = Counter()
    kept = []
    for row in shown:
        so_far[row.member] += 1
        if so_far[row.member] <= SHOWN:
            kept.append(row)
    return tuple(kept)


def _more(kept: Sequence[object], shown: Sequence[object], what: str, anchor: str = "") -> Link:
    if len(kept) == len(shown):
        return Link()
    return Link(href=f"{routes.BENEFITS}?all=1#{anchor or what}", label=f"Show all {len(shown)} {what}")


def _nothing(scene: Scene, owners: set[int | None], what: str, words: str) -> tuple[rows.Nothing, ...]:
    """For the choices that have none; what belongs to the family belongs to each."""
    if None in owners:
        return ()
    idle = [who for who in scene.choices if not (owners if who is None else who.id in owners)]
    return tuple(
        rows.Nothing(whose(who), f"{who.first_name} has no {what}" if who else f"No {what} yet", words)
        for who in idle
    )


def _note(scene: Scene, passes: _Passes, discounts: _Discounts) -> str:
    """What does not follow the switcher, by name."""
    shared = [fact.name for fact, *_ in passes if fact.member_id is None and usable(scene, fact)]
    shared += [
        discount_name(scene, one)
        for one, _ in discounts
        if one.member_id is None and discount_open(scene, one)
    ]
    everyones = listed(["Credit", *dict.fromkeys(shared)])
    return (
        f"{everyones} {'belong' if shared else 'belongs'} to the whole family. Make-ups belong to one child."
    )
