"""The figures of the home page: what one member, or everyone, can use now."""

from collections.abc import Sequence

from portal import routes
from portal.models.discounts import Discount, DiscountKind
from portal.rows.cards import Tile
from portal.services.benefit_words import discount_name, discount_size, holder, usable_now
from portal.services.facts.benefits import MakeUpFact, PassFact
from portal.services.scene import MemberFact, Scene, whose
from portal.words import counted, listed, sentence


def tiles(
    scene: Scene,
    make_ups: Sequence[MakeUpFact],
    passes: Sequence[PassFact],
    credit_minor: int,
    discounts: Sequence[Discount],
    member: MemberFact | None,
) -> list[Tile]:
    """What one member, or everyone, can use now; what the family shares counts for each."""
    waiting, open_passes, open_discounts = usable_now(scene, make_ups, passes, discounts, member)
    nothing = f"None for {member.first_name} now" if member else "None now"
    plural = "Discount" if len(open_discounts) == 1 else "Discounts"
    credit = "Use on any payment" if credit_minor else "None now"
    make_ups_note = _make_ups_note(scene, waiting, member) or nothing
    discounts_note = _discounts_note(scene, open_discounts) or nothing
    figures = (
        ("Make-ups", "make-ups", "repeat-2", str(len(waiting)), make_ups_note),
        ("Passes", "passes", "ticket", str(len(open_passes)), _passes_note(open_passes) or nothing),
        ("Credit", "credit", "coins", scene.money(credit_minor), credit),
        (plural, "discounts", "badge-percent", _discounts_figure(scene, open_discounts), discounts_note),
    )
    return [
        Tile(whose(member), name, icon, figure, note, f"{routes.BENEFITS}#{anchor}")
        for name, anchor, icon, figure, note in figures
    ]


def _make_ups_note(scene: Scene, waiting: Sequence[MakeUpFact], member: MemberFact | None) -> str:
    """ "For Mila, by 30 April"; of several, the date of the one that runs out first."""
    if not waiting:
        return ""
    first = min(waiting, key=lambda fact: fact.book_by)
    by = f"by {scene.calendar.date(first.book_by, scene.today)}"
    if len(waiting) > 1:
        return f"The first {by}"
    return sentence(by) if member else f"For {holder(scene, first.member_id)}, {by}"


def _passes_note(found: Sequence[PassFact]) -> str:
    """ "6 entries, shared"; "6 entries, and Studio practice"."""
    counts = [fact for fact in found if fact.entries_left is not None]
    unlimited = [fact for fact in found if fact.entries_left is None]
    entries = counted(sum(fact.entries_left or 0 for fact in counts), "entry", "entries") if counts else ""
    names = listed([fact.name for fact in unlimited])
    if not unlimited and len(counts) == 1 and counts[0].member_id is None:
        return f"{entries}, shared"
    return ", and ".join(part for part in (entries, names) if part)


def _discounts_figure(scene: Scene, found: Sequence[Discount]) -> str:
    return discount_size(scene, found[0]) if len(found) == 1 else str(len(found))


def _discounts_note(scene: Scene, found: Sequence[Discount]) -> str:
    """ "Sibling, whole family"; of several, their names."""
    if len(found) != 1:
        return listed([_short_name(scene, one) for one in found])
    return f"{_short_name(scene, found[0])}, {holder(scene, found[0].member_id) or 'whole family'}"


def _short_name(scene: Scene, discount: Discount) -> str:
    known = {DiscountKind.SIBLING: "Sibling", DiscountKind.LOYALTY: "Loyalty"}
    return known.get(DiscountKind(discount.kind), discount_name(scene, discount))
