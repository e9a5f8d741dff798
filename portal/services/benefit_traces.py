"""Histories of benefits, line by line: what happened, when, and the session or order that caused it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from portal import money, routes
from portal.models.benefits import MakeUpEntryKind, PassEntryKind
from portal.rows.benefits import Trace
from portal.services.benefit_words import holder
from portal.services.facts.benefit_histories import CreditFact, DiscountUse, Meeting, Movement, OrderRef
from portal.services.scene import Scene
from portal.words import listed

_MAKE_UP_TRACES = {
    MakeUpEntryKind.EARNED: ("plus", "good", "Given", "Given for"),
    MakeUpEntryKind.BOOKED: ("calendar-check", "note", "Booked", "Booked for"),
    MakeUpEntryKind.RETURNED: ("undo-2", "good", "Given back", "Given back from"),
    MakeUpEntryKind.USED: ("check", "plain", "Used", "Used on"),
    MakeUpEntryKind.EXPIRED: ("calendar-x-2", "plain", "Ran out", "Ran out, it was for"),
    MakeUpEntryKind.EXTENDED: ("calendar-plus", "good", "Extended", "Extended, it is for"),
    MakeUpEntryKind.CORRECTED: ("refresh-cw", "plain", "Corrected", "Corrected, it is for"),
    MakeUpEntryKind.TAKEN_BACK: ("undo-2", "plain", "Taken back", "Taken back, it was for"),
}
"""Icon, tone, what happened alone, and what happened before the session it concerns."""
_PASS_TRACES = {
    PassEntryKind.BOUGHT: ("ticket", "Bought"),
    PassEntryKind.USED: ("check", "Entry used"),
    PassEntryKind.RETURNED: ("undo-2", "Entry given back"),
    PassEntryKind.EXPIRED: ("calendar-x-2", "Ran out"),
    PassEntryKind.CORRECTED: ("refresh-cw", "Corrected"),
}


def make_up_history(scene: Scene, movements: Iterable[Movement]) -> tuple[Trace, ...]:
    """From the day it was given to the last thing that happened."""
    return tuple(_make_up_trace(scene, one) for one in movements)


def pass_history(scene: Scene, order: OrderRef | None, movements: Sequence[Movement]) -> tuple[Trace, ...]:
    """Visits of one session in one line, everything else line by line; the newest first."""
    lines: list[Trace] = []
    for (kind, _), group in groupby(movements, key=_visit):
        together = list(group)
        meeting = together[0].meeting
        if kind == PassEntryKind.USED and meeting is not None:
            lines.append(_visit_trace(scene, meeting, together))
        else:
            lines += [_pass_trace(scene, order, one) for one in together]
    return tuple(lines)


def discount_use(scene: Scene, use: DiscountUse) -> Trace:
    """ "Order OT-2041", "6 March, Juno", "−€6.20"."""
    return Trace(
        icon="receipt-text",
        title=f"Order {use.order.number}",
        words=_joined(on_day(scene, use), holder(scene, use.member_id)),
        amount=money.show(-use.amount_minor, scene.provider.currency, scene.provider.locale),
        href=routes.order(use.order.public_id),
    )


def on_day(scene: Scene, one: Movement | CreditFact | DiscountUse) -> str:
    """The day of a movement: "14 February"."""
    return scene.calendar.date(scene.calendar.day(one.at), scene.today)


def _make_up_trace(scene: Scene, one: Movement) -> Trace:
    icon, tone, alone, before = _MAKE_UP_TRACES[MakeUpEntryKind(one.kind)]
    return Trace(
        icon=icon,
        tone=tone,
        title=f"{before} {_session(scene, one.meeting)}" if one.meeting else alone,
        words=_with_cause(on_day(scene, one), one.cause),
        href=routes.booking(one.meeting.booking) if one.meeting else "",
    )


def _visit(one: Movement) -> tuple[str, int]:
    return one.kind, one.meeting.id if one.meeting else 0


def _visit_trace(scene: Scene, meeting: Meeting, together: Sequence[Movement]) -> Trace:
    """ "Sun 1 March, 11:00", "Theo and Juno, Harbour Pool", "2"."""
    taken = sum(one.change for one in together)
    people = [scene.members[one.member_id] for one in reversed(together) if one.member_id in scene.members]
    return Trace(
        faces=tuple(person.face for person in people),
        icon="" if people else "check",
        title=_session(scene, meeting),
        words=_joined(listed([person.first_name for person in people]), meeting.place),
        amount=str(-taken) if taken else "",
        href=routes.booking(meeting.booking),
    )


def _pass_trace(scene: Scene, order: OrderRef | None, one: Movement) -> Trace:
    icon, title = _PASS_TRACES[PassEntryKind(one.kind)]
    bought_with = order if one.kind == PassEntryKind.BOUGHT else None
    number = f"order {bought_with.number}" if bought_with else ""
    cause = "" if one.cause == title else one.cause
    change = f"+{one.change}" if one.change > 0 else f"{money.MINUS}{-one.change}" if one.change else ""
    return Trace(
        icon=icon,
        title=_joined(title, _session(scene, one.meeting) if one.meeting else ""),
        words=_with_cause(_joined(on_day(scene, one), number, holder(scene, one.member_id)), cause),
        amount=change,
        href=_cause_href(one.meeting, bought_with),
    )


def _cause_href(meeting: Meeting | None, order: OrderRef | None) -> str:
    if meeting is not None:
        return routes.booking(meeting.booking)
    return routes.order(order.public_id) if order is not None else ""


def _session(scene: Scene, meeting: Meeting) -> str:
    """ "Sun 1 March, 11:00"."""
    day = scene.calendar.day(meeting.starts_at)
    return f"{scene.calendar.short_date(day, scene.today)}, {scene.calendar.time(meeting.starts_at)}"


def _with_cause(words: str, cause: str) -> str:
    """ "24 February · Cancelled in time": a cause is a sentence of its own, in whoever's words."""
    return f"{words} · {cause}" if cause else words


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
