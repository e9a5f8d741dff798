"""Each make-up, pass, credit line and discount as a row of the benefits page, with its history."""

from collections.abc import Sequence

from portal import money, routes
from portal.models.benefits import CreditEntryKind, MakeUpStatus
from portal.models.discounts import Discount
from portal.rows.benefits import BenefitRow, MakeUpRow, OpenPass, WaitingMakeUp
from portal.rows.common import Chip, Day, LineItem
from portal.rules.benefits import USABLE, Standing, make_up_status
from portal.services import make_up_words
from portal.services.benefit_traces import discount_use, make_up_history, on_day, pass_history
from portal.services.benefit_words import (
    STANDINGS,
    belongs_to,
    discount_name,
    discount_size,
    discount_stands,
    holder,
    pass_card,
    pass_until,
    standing,
)
from portal.services.facts.benefit_histories import CreditFact, DiscountUse, Movement, OrderRef
from portal.services.facts.benefits import MakeUpFact, PassFact
from portal.services.make_up_choices import Openings
from portal.services.scene import Scene
from portal.words import counted, sentence

WHOLE_FAMILY = Chip("", "users", "Whole family", bare=True)
_MAKE_UP_CHIPS = {
    MakeUpStatus.BOOKED: Chip("note", "repeat-2", "Make-up booked"),
    MakeUpStatus.USED: Chip("", "check", "Used", bare=True),
    MakeUpStatus.EXPIRED: Chip("", "calendar-x-2", "Expired", bare=True),
    MakeUpStatus.TAKEN_BACK: Chip("", "undo-2", "Taken back", bare=True),
}
_CREDIT_WORDS = {
    CreditEntryKind.PREPAID: "Paid in advance",
    CreditEntryKind.COMPENSATION: "Given by us",
    CreditEntryKind.OVERPAYMENT: "Paid more than was due",
    CreditEntryKind.REFUND: "Refunded",
    CreditEntryKind.USED: "Used for an order",
    CreditEntryKind.RETURNED: "Given back",
    CreditEntryKind.CORRECTED: "Corrected",
}
_DISCOUNT_CHIPS = STANDINGS | {
    Standing.ACTIVE: Chip("good", "circle-check", "Available"),
    Standing.USED_UP: Chip("", "check", "Used", bare=True),
}


def waiting_make_up(
    scene: Scene, fact: MakeUpFact, movements: Sequence[Movement], openings: Openings
) -> WaitingMakeUp:
    """A make-up to book, as the nudge of the home page with its history."""
    return WaitingMakeUp(
        belongs_to(scene, fact.member_id),
        make_up_words.nudge(scene, fact, openings),
        make_up_history(scene, movements),
    )


def make_up_row(scene: Scene, fact: MakeUpFact, movements: Sequence[Movement]) -> MakeUpRow:
    """A make-up that is booked, used, expired or taken back: when, where, instead of what, and why."""
    status = make_up_status(fact.status, fact.book_by, scene.today)
    taken = status in (MakeUpStatus.BOOKED, MakeUpStatus.USED)
    return MakeUpRow(
        member=belongs_to(scene, fact.member_id),
        day=_make_up_day(scene, fact, status),
        title=(taken and fact.booked_title) or fact.title,
        words=_taken_words(scene, fact, status) if taken else _gone_words(scene, fact, status, movements),
        chips=(_MAKE_UP_CHIPS[status],) if status in _MAKE_UP_CHIPS else (),
        history=make_up_history(scene, movements),
    )


def open_pass(
    scene: Scene, fact: PassFact, order: OrderRef | None, movements: Sequence[Movement]
) -> OpenPass:
    """A counted pass that can be used, with its entries one by one."""
    total, left = fact.entries_total or 0, fact.entries_left or 0
    history = pass_history(scene, order, movements)
    return OpenPass(
        belongs_to(scene, fact.member_id), pass_card(scene, fact), f"{total - left} of {total}", history
    )


def pass_row(
    scene: Scene, fact: PassFact, order: OrderRef | None, movements: Sequence[Movement]
) -> BenefitRow:
    """Any other pass: "Studio practice", "Juno, unlimited until 31 August 2026"."""
    stands = standing(scene, fact)
    family = () if fact.member_id is not None else (WHOLE_FAMILY,)
    live = stands is Standing.ACTIVE
    return BenefitRow(
        member=belongs_to(scene, fact.member_id),
        icon="infinity" if fact.entries_total is None else "ticket" if live else "ticket-x",
        tone="brand" if live else "plain",
        title=fact.name
        if fact.entries_total is None
        else f"{fact.name}, {counted(fact.entries_total, 'entry', 'entries')}",
        words=_pass_words(scene, fact, stands),
        chips=(STANDINGS[stands], *family),
        history=pass_history(scene, order, movements),
        pass_id=fact.public_id if stands in USABLE else "",
    )


def credit_line(scene: Scene, fact: CreditFact, newest: bool) -> LineItem:
    """One movement of the family's credit and the balance after it."""
    gained = fact.change_minor > 0
    balance = scene.money(fact.balance_minor, fact.currency)
    order = f"order {fact.order.number}" if fact.order else ""
    return LineItem(
        icon="plus" if gained else "minus",
        tone="good" if gained else "plain",
        title=fact.cause or _CREDIT_WORDS[fact.kind],
        meta=(", ".join(part for part in (on_day(scene, fact), order, _about(scene, fact)) if part),),
        amount=money.show_change(fact.change_minor, fact.currency, scene.provider.locale),
        after=f"{balance} left" if newest else balance,
        href=routes.order(fact.order.public_id)
        if fact.order
        else routes.booking(fact.booking)
        if fact.booking
        else "",
    )


def discount_row(scene: Scene, discount: Discount, uses: Sequence[DiscountUse]) -> BenefitRow:
    """ "Sibling discount, 10%", what it is for and until when; a used one leads to its order."""
    stands = discount_stands(scene, discount)
    spent = stands is Standing.USED_UP and len(uses) == 1
    family = () if discount.member_id is not None else (WHOLE_FAMILY,)
    live = stands is Standing.ACTIVE
    return BenefitRow(
        member=belongs_to(scene, discount.member_id),
        icon="badge-percent" if live else "tag",
        tone="good" if live else "plain",
        title=f"{discount_name(scene, discount)}, {discount_size(scene, discount)}",
        words=_use_words(scene, uses[0]) if spent else _discount_words(scene, discount, stands),
        chips=(_DISCOUNT_CHIPS[stands], *family),
        href=routes.order(uses[0].order.public_id) if spent else "",
        history=() if spent else tuple(discount_use(scene, use) for use in uses),
    )


def _make_up_day(scene: Scene, fact: MakeUpFact, status: MakeUpStatus) -> Day:
    at = fact.booked_at if status in (MakeUpStatus.BOOKED, MakeUpStatus.USED) else fact.missed_at
    day = scene.calendar.day(at) if at else fact.book_by
    return Day(
        weekday=scene.calendar.short_weekday(day),
        number=str(day.day),
        tone=scene.members[fact.member_id].tone,
        off=status is not MakeUpStatus.BOOKED,
    )


def _taken_words(scene: Scene, fact: MakeUpFact, status: MakeUpStatus) -> str:
    """ "Juno, 21 March at 10:00, Mill Street. Instead of Tue 3 March"."""
    when = ""
    if fact.booked_at is not None:
        when = scene.calendar.date(scene.calendar.day(fact.booked_at), scene.today)
        if status is MakeUpStatus.BOOKED:
            when = f"{when} at {scene.calendar.time(fact.booked_at)}"
    who = ", ".join(part for part in (holder(scene, fact.member_id), when, fact.booked_place) if part)
    if fact.missed_at is None:
        return who
    missed_on = scene.calendar.day(fact.missed_at)
    same_year = fact.booked_at is not None and scene.calendar.day(fact.booked_at).year == missed_on.year
    return f"{who}. Instead of {scene.calendar.short_date(missed_on, None if same_year else scene.today)}"


def _gone_words(scene: Scene, fact: MakeUpFact, status: MakeUpStatus, movements: Sequence[Movement]) -> str:
    """ "Juno, for 4 November. Not used by 31 December"."""
    name = holder(scene, fact.member_id)
    missed = (
        f", for {scene.calendar.date(scene.calendar.day(fact.missed_at), scene.today)}"
        if fact.missed_at
        else ""
    )
    if status is MakeUpStatus.EXPIRED:
        return f"{name}{missed}. Not used by {scene.calendar.date(fact.book_by, scene.today)}"
    why = next((one.cause for one in reversed(movements) if one.cause), "")
    return f"{name}{missed}. {sentence(why)}" if why else f"{name}{missed}"


def _pass_words(scene: Scene, fact: PassFact, stands: Standing) -> str:
    name = holder(scene, fact.member_id)
    left, until = fact.entries_left, pass_until(scene, fact)
    if stands is Standing.EXPIRED and left is not None:
        words = f"{counted(left, 'entry was', 'entries were')} left {until}"
    elif left is None:
        words = f"unlimited {until}".strip()
    elif left == 0:
        words = "every entry was used"
    else:
        words = f"{counted(left, 'entry', 'entries')} left {until}".strip()
    if stands is Standing.UNPAID:
        words = f"{words}. You can use it as soon as it is paid"
    return sentence(", ".join(part for part in (name, words) if part))


def _about(scene: Scene, fact: CreditFact) -> str:
    """ "Mila’s Little Waves 2", "Theo", or nothing for what concerns all."""
    name = holder(scene, fact.member_id)
    return f"{name}’s {fact.title}" if name and fact.title else name or fact.title


def _discount_words(scene: Scene, discount: Discount, stands: Standing) -> str:
    name = holder(scene, discount.member_id)
    ends = scene.calendar.full_date(discount.valid_until) if discount.valid_until else ""
    if stands is Standing.NOT_YET:
        ends = f"from {scene.calendar.full_date(discount.valid_from)}"
    elif ends:
        ends = f"{'ended on' if stands is Standing.EXPIRED else 'until'} {ends}"
    return sentence(", ".join(part for part in (name, discount.detail, ends) if part))


def _use_words(scene: Scene, use: DiscountUse) -> str:
    """ "Order OT-1987, 4 January, Mila"."""
    parts = (f"Order {use.order.number}", on_day(scene, use), holder(scene, use.member_id))
    return ", ".join(part for part in parts if part)
