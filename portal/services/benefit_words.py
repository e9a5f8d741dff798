"""Make-ups, passes and discounts in words: cards, nudges, and what can be used today."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.models.benefits import MakeUpStatus
from portal.models.discounts import Discount
from portal.rows.cards import Nudge, PassCard, Punch
from portal.rows.common import Chip
from portal.rules.benefits import USABLE, Standing, discount_standing, make_up_status, pass_standing
from portal.services.facts.benefits import MakeUpFact, PassFact
from portal.services.scene import MemberFact, Scene
from portal.words import counted

RUNS_OUT_SOON = timedelta(days=14)

STANDINGS = {
    Standing.ACTIVE: Chip("good", "circle-play", "Active"),
    Standing.LAST_ENTRY: Chip("warn", "hourglass", "Last entry"),
    Standing.NOT_YET: Chip("", "calendar-clock", "Not started", bare=True),
    Standing.UNPAID: Chip("warn", "clock", "Unpaid"),
    Standing.USED_UP: Chip("", "check", "Used up", bare=True),
    Standing.EXPIRED: Chip("", "calendar-x-2", "Expired", bare=True),
}


def standing(scene: Scene, fact: PassFact) -> Standing:
    """Where a pass stands today."""
    return pass_standing(fact.valid_from, fact.valid_until, fact.entries_left, fact.paid, scene.today)


def usable(scene: Scene, fact: PassFact) -> bool:
    """It opens a session today."""
    return standing(scene, fact) in USABLE


def available(scene: Scene, fact: MakeUpFact) -> bool:
    """The make-up can still be booked."""
    return make_up_status(fact.status, fact.book_by, scene.today) is MakeUpStatus.AVAILABLE


def holder(scene: Scene, member_id: int | None) -> str:
    """The member's first name; empty for what the whole family owns."""
    member = scene.members.get(member_id) if member_id is not None else None
    return member.first_name if member else ""


def belongs_to(scene: Scene, member_id: int | None) -> str:
    """The member's public id for the switcher; empty for what stays whoever is chosen."""
    member = scene.members.get(member_id) if member_id is not None else None
    return member.public_id if member else ""


def pass_card(scene: Scene, fact: PassFact) -> PassCard:
    """A pass with one hole per entry: "6", "entries left until 30 June 2026"."""
    stands = standing(scene, fact)
    left, total = fact.entries_left, fact.entries_total
    return PassCard(
        member=belongs_to(scene, fact.member_id),
        name=fact.name,
        about=f"{_size(total)}, {_shared(scene, fact.member_id)}",
        chip=STANDINGS[stands],
        left="Unlimited" if left is None else str(left),
        words=" ".join(part for part in (_entries(left), pass_until(scene, fact)) if part),
        holes=() if left is None or total is None else _holes(left, total, fact.icon),
        label="" if left is None or total is None else f"{left} of {counted(total, 'entry', 'entries')} left",
        spent=stands in (Standing.USED_UP, Standing.EXPIRED),
        id=fact.public_id,
    )


def pass_until(scene: Scene, fact: PassFact) -> str:
    """ "until 30 June 2026", "on 31 December 2025" when past, "from 1 April 2026" before it begins."""
    if fact.valid_from > scene.today:
        return f"from {scene.calendar.full_date(fact.valid_from)}"
    if fact.valid_until is None:
        return ""
    past = fact.valid_until < scene.today
    return f"{'on' if past else 'until'} {scene.calendar.full_date(fact.valid_until)}"


def pass_nudges(scene: Scene, found: Sequence[PassFact]) -> tuple[Nudge, ...]:
    """Passes that can be used and end within a fortnight, the soonest first."""
    ending = [(fact.valid_until, fact) for fact in found if fact.valid_until and usable(scene, fact)]
    soon = [pair for pair in ending if pair[0] - scene.today <= RUNS_OUT_SOON]
    return tuple(_pass_nudge(scene, fact, until) for until, fact in sorted(soon, key=lambda pair: pair[0]))


def usable_now(
    scene: Scene,
    make_ups: Sequence[MakeUpFact],
    passes: Sequence[PassFact],
    discounts: Sequence[Discount],
    member: MemberFact | None,
) -> tuple[list[MakeUpFact], list[PassFact], list[Discount]]:
    """What one member, or everyone, can use today, the family's own included."""
    return (
        [fact for fact in make_ups if available(scene, fact) and _is_for(member, fact.member_id)],
        [fact for fact in passes if usable(scene, fact) and _is_for(member, fact.member_id)],
        [one for one in discounts if discount_open(scene, one) and _is_for(member, one.member_id)],
    )


def discount_open(scene: Scene, discount: Discount) -> bool:
    """The discount can be used today."""
    return discount_stands(scene, discount) is Standing.ACTIVE


def discount_stands(scene: Scene, discount: Discount) -> Standing:
    """Where a discount stands today."""
    return discount_standing(discount.valid_from, discount.valid_until, discount.uses_left, scene.today)


def discount_size(scene: Scene, discount: Discount) -> str:
    """ "10%", "7.5%" or "€15.00"."""
    points = discount.percent_basis_points
    if points is None:
        return scene.money(discount.amount_minor or 0, discount.currency)
    whole, rest = divmod(points, 100)
    return f"{whole}%" if not rest else f"{whole}.{f'{rest:02d}'.rstrip('0')}%"


def discount_name(scene: Scene, discount: Discount) -> str:
    """The name without its size, which some providers write into it."""
    return discount.name.removesuffix(f", {discount_size(scene, discount)}")


def _is_for(member: MemberFact | None, owner_id: int | None) -> bool:
    return member is None or owner_id is None or owner_id == member.id


def _size(total: int | None) -> str:
    return "Unlimited" if total is None else counted(total, "entry", "entries")


def _shared(scene: Scene, member_id: int | None) -> str:
    return f"for {holder(scene, member_id)}" if member_id is not None else "shared by the family"


def _entries(left: int | None) -> str:
    return "" if left is None else "entry left" if left == 1 else "entries left"


def _holes(left: int, total: int, icon: str) -> tuple[Punch, ...]:
    return tuple(Punch(used=at < total - left, icon=icon) for at in range(total))


def _pass_nudge(scene: Scene, fact: PassFact, until: date) -> Nudge:
    days = (until - scene.today).days
    when = {0: "today", 1: "tomorrow"}.get(days) or f"in {days} days"
    day = scene.calendar.date(until, scene.today)
    left = fact.entries_left
    words = f"It is good until {day}." if left is None else f"{_left(left)}. Good until {day}."
    return Nudge(belongs_to(scene, fact.member_id), "ticket", f"{fact.name} ends {when}", words)


def _left(left: int) -> str:
    return f"{counted(left, 'entry is', 'entries are')} left"
